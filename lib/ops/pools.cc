// SPDX-License-Identifier: GPL-2.0-or-later
#include "ops/pools.h"

#include <algorithm>

#include "base/fault.h"
#include "base/text.h"
#include "model/global_property.h"
#include "ops/globals.h"
#include "ops/volume_changes.h"
#include "storage/drivers.h"
#include "store/volumes.h"

namespace qubes::mgmt {
namespace {

Fault malformed(std::string_view text, std::string_view why) {
  return {FaultKind::malformed, concat("'", printable(text), "' ", why)};
}

const Driver& find_driver(std::string_view name) {
  std::vector<std::string> known;
  for (const Driver& driver : drivers()) {
    if (driver.name == name) return driver;
    if (driver.open != nullptr) known.emplace_back(driver.name);
  }
  throw Fault{FaultKind::denied, concat("there is no driver '", printable(name), "'",
                                        suggestion(name, known), "; there are ", listed(known))};
}

const DriverOption* find_option(const Driver& driver, std::string_view name) {
  const auto found = std::ranges::find(driver.options, name, &DriverOption::name);
  return found == driver.options.end() ? nullptr : &*found;
}

std::string checked(const DriverOption& form, const std::string& value) {
  switch (form.kind) {
    case OptionKind::boolean:
      return Switch::parse(value).is_on ? "True" : "False";
    case OptionKind::number:
      return std::to_string(RevisionCount::parse(value).number);
    case OptionKind::path:
      if (!value.starts_with('/') || value.find("/../") != value.npos || value.ends_with("/.."))
        throw malformed(value, "is no absolute path without '..', which is what this option needs");
      // One form of each, so that two pools are not taken for different ones.
      return (std::filesystem::path{value} / "").lexically_normal().parent_path();
    case OptionKind::name:
      return PoolName::parse(value).text();
  }
  return value;
}

// The draft says which pool, and its driver in the payload; Qubes ships it the other way round.
Pool planned_pool(const PoolName& argument, OptionLines& given) {
  const auto take = [&](std::string_view name) {
    const auto found = given.options.find(name);
    std::string value = found == given.options.end() ? "" : found->second;
    if (found != given.options.end()) given.options.erase(found);
    return value;
  };
  std::string name = take("name");
  std::string driver = take("driver");
  if (name.empty() && driver.empty())
    throw Fault{FaultKind::malformed, "expected driver=DRIVER among the options"};
  if (driver.empty()) return {0, PoolName::parse(name).text(), argument.text(), {}};
  if (!name.empty() && name != argument.text())
    throw malformed(name, "is another name than the argument's: give one of them");
  return {0, argument.text(), std::move(driver), {}};
}

void require_possible(std::string_view option, const std::string& value) {
  if (option == "ephemeral_volatile" && value == "True")
    throw Fault{FaultKind::not_implemented, std::string{kNoEncryption}};
}

void take_options(Pool& pool, const OptionLines& given) {
  const Driver& driver = find_driver(pool.driver);
  if (driver.open == nullptr)
    throw Fault{FaultKind::not_implemented, concat("driver '", driver.name, "' is not available")};
  for (const auto& [name, value] : given.options) {
    const DriverOption* form = find_option(driver, name);
    if (form == nullptr) throw malformed(name, concat("is no option of the driver ", driver.name));
    pool.options[name] = checked(*form, value);
    require_possible(name, pool.options[name]);
  }
  for (const DriverOption& form : driver.options)
    if (form.is_required && !pool.options.contains(std::string{form.name}))
      throw Fault{FaultKind::failed,
                  concat("the driver ", driver.name, " needs the option ", form.name)};
}

void require_own_folder(const Context& context, const Pool& pool) {
  const auto own = pool.options.find("dir_path");
  if (own == pool.options.end()) return;
  for (const Pool& other : PoolTable{context.store}.all())
    if (const auto folder = folder_of(context, other); folder == folder_of(context, pool))
      throw Fault{FaultKind::pool_in_use,
                  concat("the folder '", own->second, "' is that of pool '", other.name, "'")};
}

std::vector<std::string> uses_as_default(const Context& context, const Pool& pool) {
  std::vector<std::string> uses;
  for (const GlobalProperty& property : global_properties())
    if (property.name.starts_with("default_pool") &&
        global_value(context, property.name) == pool.name)
      uses.emplace_back(property.name);
  return uses;
}

}  // namespace

Pool find_pool(const Context& context, const PoolName& name) {
  if (auto pool = PoolTable{context.store}.find(name.text())) return *pool;
  if (!context.is_from_dom0()) throw Fault{FaultKind::denied, "there is no such pool for you"};
  const auto known = pool_names(context);
  throw Fault{FaultKind::no_such_pool,
              concat("there is no pool '", name.text(), "'", suggestion(name.text(), known),
                     "; there are ", listed(known))};
}

std::vector<std::string> pool_names(const Context& context) {
  return PoolTable{context.store}.names();
}

std::vector<DriverListing> driver_listing() {
  std::vector<DriverListing> listing;
  for (const Driver& form : drivers()) {
    if (form.open == nullptr) continue;
    DriverListing& added = listing.emplace_back(std::string{form.name}, std::vector<std::string>{});
    for (const DriverOption& option : form.options) added.options.emplace_back(option.name);
  }
  return listing;
}

PoolFacts pool_facts(const Context& context, const Pool& pool) {
  auto options = pool.options;
  options["driver"] = pool.driver;
  options["name"] = pool.name;
  for (const DriverOption& option : find_driver(pool.driver).options) {
    if (option.name == "revisions_to_keep") options.try_emplace("revisions_to_keep", "1");
    if (option.name == "ephemeral_volatile") options.try_emplace("ephemeral_volatile", "False");
  }
  PoolFacts facts{options.begin(), options.end()};
  if (const auto space = context.outside.open_pool(pool)->space()) {
    facts.emplace_back("size", std::to_string(space->size));
    facts.emplace_back("usage", std::to_string(space->usage));
  }
  if (std::string around = pool_around(context, pool); !around.empty())
    facts.emplace_back("included_in", std::move(around));
  return facts;
}

std::filesystem::path folder_of(const Context& context, const Pool& pool) {
  const auto folder = pool.options.find("dir_path");
  if (folder == pool.options.end()) return {};
  std::error_code none;
  return std::filesystem::weakly_canonical(context.root.at(folder->second), none);
}

std::string pool_around(const Context& context, const Pool& pool) {
  const auto own = folder_of(context, pool);
  std::string best;
  std::size_t longest = 0;
  for (const Pool& other : PoolTable{context.store}.all()) {
    const auto folder = folder_of(context, other);
    if (other.id == pool.id || folder.empty() || folder.native().size() <= longest) continue;
    if (!own.native().starts_with(folder.native() + "/")) continue;
    longest = folder.native().size();
    best = other.name;
  }
  return best;
}

PoolFacts pool_usage(const Context& context, const Pool& pool) {
  const auto space = context.outside.open_pool(pool)->space();
  if (!space) return {};
  return {{"data_size", std::to_string(space->size)}, {"data_usage", std::to_string(space->usage)}};
}

void add_pool(Context& context, const PoolName& argument, OptionLines options) {
  Pool pool = planned_pool(argument, options);
  take_options(pool, options);
  if (PoolTable{context.store}.find(pool.name))
    throw Fault{FaultKind::pool_in_use, concat("a pool called '", pool.name, "' exists already")};
  require_own_folder(context, pool);
  context.before_effect(concat("make the folders of pool '", pool.name, "'"));
  set_up_pool(context.root, pool.driver, pool.options);
  Change& change = context.begin();
  if (PoolTable{context.store}.find(pool.name))
    throw Fault{FaultKind::pool_in_use, concat("a pool called '", pool.name, "' exists already")};
  PoolTable{context.store}.add(pool);
  change.event("", "pool-add", {{"pool", pool.name}});
  context.commit();
}

void remove_pool(Context& context, const PoolName& name) {
  const Pool pool = find_pool(context, name);
  if (PoolTable{context.store}.is_used(pool.id))
    throw Fault{FaultKind::pool_in_use,
                concat("pool '", pool.name, "' cannot be removed: there are volumes in it, which ",
                       "mgmt.pool.volume.List prints")};
  const auto uses = uses_as_default(context, pool);
  if (!uses.empty())
    throw Fault{FaultKind::pool_in_use, concat("pool '", pool.name, "' cannot be removed, it is ",
                                               "the ", listed(uses), " of Qubes")};
  Change& change = context.change();
  change.event("", "pool-pre-delete", {{"pool", pool.name}});
  PoolTable{context.store}.remove(pool.id);
  change.event("", "pool-delete", {{"pool", pool.name}});
}

void set_pool_option(Context& context, const PoolName& name, std::string_view option,
                     const std::string& value) {
  const Pool pool = find_pool(context, name);
  if (find_option(find_driver(pool.driver), option) == nullptr)
    throw malformed(
        option, concat("is no option of pool '", pool.name, "', whose driver is ", pool.driver));
  require_possible(option, value);
  PoolTable{context.store}.set_option(pool.id, option, value);
}

}  // namespace qubes::mgmt
