// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/image_names.h"

#include <algorithm>
#include <array>

#include "base/fault.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

constexpr std::size_t kLongestVid = 512;
constexpr std::uint64_t kHighestRevision = 1'000'000'000'000;

// Endings that would make one volume's image out of another's name.
constexpr std::array<std::string_view, 3> kReserved{"-dirty", "-import", "-precache"};
constexpr std::array<std::string_view, 4> kKinds{".img", "-dirty.img", "-import.img",
                                                 "-precache.img"};

bool is_plain(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '_' || letter == '.' || letter == '-';
}

bool is_component(const std::string& part) {
  return !part.empty() && part != "." && part != ".." &&
         std::all_of(part.begin(), part.end(), is_plain);
}

bool is_usable(const Vid& vid) {
  const auto parts = split(vid, '/');
  return vid.size() <= kLongestVid && std::all_of(parts.begin(), parts.end(), is_component) &&
         std::none_of(kReserved.begin(), kReserved.end(),
                      [&](std::string_view ending) { return vid.ends_with(ending); });
}

}  // namespace

ImageNames::ImageNames(const Vid& vid) : vid_{vid}, base_{vid.substr(vid.rfind('/') + 1)} {
  if (!is_usable(vid))
    throw Fault{FaultKind::pool_failed,
                concat("'", printable(vid), "' cannot be the id of a volume kept in files")};
}

std::string ImageNames::folder() const {
  return base_.size() == vid_.size() ? "." : vid_.substr(0, vid_.size() - base_.size() - 1);
}

std::string ImageNames::beside(std::string_view name) const {
  return concat(std::string_view{vid_}.substr(0, vid_.size() - base_.size()), name);
}

std::string ImageNames::revision(std::uint64_t number, std::time_t content) const {
  std::tm utc{};
  gmtime_r(&content, &utc);
  std::array<char, 64> time{};
  std::strftime(time.data(), time.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  return concat(committed(), ".", number, "@", time.data(), "Z");
}

std::optional<std::uint64_t> ImageNames::revision_number(std::string_view name) const {
  const std::string start = base_ + ".img.";
  const std::size_t at = name.find('@');
  if (!name.starts_with(start) || at == name.npos || name.find('~') != name.npos)
    return std::nullopt;
  const auto number = to_number<std::uint64_t>(name.substr(start.size(), at - start.size()));
  return number && *number <= kHighestRevision ? number : std::nullopt;
}

bool ImageNames::is_leftover(std::string_view name) const {
  if (!name.starts_with(base_)) return false;
  const std::string_view rest = name.substr(base_.size());
  if (rest == "-import.img" || rest == "-precache.img") return true;
  return rest.find('~') != rest.npos &&
         std::any_of(kKinds.begin(), kKinds.end(),
                     [&](std::string_view kind) { return rest.starts_with(kind); });
}

std::string unfinished(const std::string& name) { return name + "~new"; }

}  // namespace qubes::mgmt
