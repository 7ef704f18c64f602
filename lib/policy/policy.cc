// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/policy.h"

#include <utility>

#include "base/fault.h"
#include "base/text.h"
#include "policy/reader.h"

namespace qubes::mgmt {
namespace {

std::string place(std::span<const std::string> files, const PolicyPosition& position) {
  const std::string& file = files[position.file];
  return position.line == 0 ? file : concat(file, ":", position.line);
}

}  // namespace

Policy Policy::read(const Root& root) {
  Policy policy;
  PolicyReader reader{root};
  try {
    reader.read();
    policy.rules_ = std::move(reader.rules);
    policy.files_ = std::move(reader.files);
  } catch (const Fault& fault) {
    const auto at = reader.position();
    policy.problem_ = at ? concat(place(reader.files, *at), ": ", fault.what()) : fault.what();
  }
  return policy;
}

std::string Policy::place_of(const PolicyRule& rule) const { return place(files_, rule.position); }

}  // namespace qubes::mgmt
