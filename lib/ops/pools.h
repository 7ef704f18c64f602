// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "model/amounts.h"
#include "model/names.h"
#include "model/option_lines.h"
#include "ops/context.h"

namespace qubes::mgmt {

/// Throws no_such_pool; to dom0 it names those there are, others are just denied.
Pool find_pool(const Context& context, const PoolName& name);

/// In the order in which they were added.
std::vector<std::string> pool_names(const Context& context);

/// A driver and the options it takes.
struct DriverListing {
  std::string name;
  std::vector<std::string> options;
};

std::vector<DriverListing> driver_listing();

using PoolFacts = std::vector<std::pair<std::string, std::string>>;

/// Its options with name and driver, by name; then size and usage in bytes, if they are known,
/// and the pool that this one lies in.
PoolFacts pool_facts(const Context& context, const Pool& pool);

/// Where a pool of files lies, links resolved; empty for one that has no folder.
std::filesystem::path folder_of(const Context& context, const Pool& pool);

/// The smallest other pool of files in whose folder this one's lies; empty if there is none.
std::string pool_around(const Context& context, const Pool& pool);

/// How much of it is used, in bytes, by what; nothing where it is not known.
PoolFacts pool_usage(const Context& context, const Pool& pool);

/// Makes a pool, with the folders that it needs. The options hold `name`, or `driver`: the other
/// of the two is the argument. Throws malformed, denied for a driver that is not known, failed
/// for options that are missing, pool_in_use, pool_failed.
void add_pool(Context& context, const PoolName& argument, OptionLines options);

/// The store alone: what lies in the pool stays where it is. Throws pool_in_use.
void remove_pool(Context& context, const PoolName& name);

/// Throws malformed where the driver has no such option.
void set_pool_option(Context& context, const PoolName& name, std::string_view option,
                     const std::string& value);

}  // namespace qubes::mgmt
