// SPDX-License-Identifier: GPL-2.0-or-later
#include "guest/reports.h"

#include <algorithm>
#include <array>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

constexpr std::string_view kRequests = "/features-request";
constexpr std::string_view kTools = "/qubes-tools";
constexpr std::array<std::string_view, 4> kToolsKeys{"qrexec", "gui", "gui-emulated", "os"};

// Far more than Qubes' own agents ask for.
constexpr std::size_t kMostNames = 1000;
constexpr std::size_t kLongestName = 128;
constexpr std::size_t kLongestValue = 256;

void require(bool accepted, std::string_view what, std::string_view untrusted,
             std::string_view expected) {
  if (accepted) return;
  throw Fault{FaultKind::malformed, concat("the VM has written ", what, " '", printable(untrusted),
                                           "': expected are ", expected)};
}

void read_into(GuestReport& report, const GuestStore& store, DomainId domain,
               std::string_view folder, const std::string& name) {
  const auto value = store.read(domain, concat(folder, "/", name));
  if (!value) return;  // taken away since it was listed
  require(value->size() <= kLongestValue && consists_of(*value, "-.,_= "),
          concat("for ", printable(name)), *value,
          "up to 256 letters, digits, blanks and '-', '.', ',', '_', '='");
  report.emplace(name, *value);
}

}  // namespace

GuestReport read_features_request(const GuestStore& store, DomainId domain) {
  const auto names = store.list(domain, kRequests);
  require(names.size() <= kMostNames, "the features", "...", "at most 1000");
  GuestReport report;
  for (const std::string& name : names) {
    require(!name.empty() && name.size() <= kLongestName && consists_of(name, "-._"), "the feature",
            name, "up to 128 letters, digits and '-', '.', '_'");
    read_into(report, store, domain, kRequests, name);
  }
  return report;
}

GuestReport read_tools_report(const GuestStore& store, DomainId domain) {
  GuestReport report;
  for (const std::string_view name : kToolsKeys)
    read_into(report, store, domain, kTools, std::string{name});
  return report;
}

}  // namespace qubes::mgmt
