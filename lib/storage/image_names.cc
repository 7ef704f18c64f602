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

constexpr std::string_view kCommitted = ".img";
constexpr std::string_view kRunning = "-dirty.img";
constexpr std::string_view kImporting = "-import.img";
constexpr std::string_view kPrecache = "-precache.img";

// Endings that would make one volume's image out of another's name.
constexpr std::array<std::string_view, 3> kReserved{"-dirty", "-import", "-precache"};

constexpr const char* kTime = "%Y-%m-%dT%H:%M:%S";

// Of a revision's name behind the id: ".img.NUMBER@TIME".
std::optional<std::uint64_t> number_of(std::string_view rest) {
  constexpr std::string_view kStart = ".img.";
  const std::size_t at = rest.find('@');
  if (!rest.starts_with(kStart) || at == rest.npos || rest.find('~') != rest.npos)
    return std::nullopt;
  const auto number = to_number<std::uint64_t>(rest.substr(kStart.size(), at - kStart.size()));
  return number && *number <= kHighestRevision ? number : std::nullopt;
}

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

// Where the part of a file's name begins that says which of a volume's images it is.
std::optional<std::size_t> end_of_vid(std::string_view path) {
  if (const std::size_t at = path.find('@'); at != path.npos) {
    const std::size_t end = path.substr(0, at).rfind(".img.");
    if (end == path.npos || !number_of(path.substr(end))) return std::nullopt;
    return end;
  }
  for (const std::string_view kind : {kRunning, kImporting, kPrecache, kCommitted})
    if (path.ends_with(kind)) return path.size() - kind.size();
  return std::nullopt;
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

std::string ImageNames::committed() const { return concat(vid_, kCommitted); }

std::string ImageNames::running() const { return concat(vid_, kRunning); }

std::string ImageNames::importing() const { return concat(vid_, kImporting); }

std::string ImageNames::revision(std::uint64_t number, std::time_t content) const {
  std::tm utc{};
  gmtime_r(&content, &utc);
  std::array<char, 64> time{};
  std::strftime(time.data(), time.size(), kTime, &utc);
  return concat(committed(), ".", number, "@", time.data(), "Z");
}

std::optional<std::uint64_t> ImageNames::revision_number(std::string_view name) const {
  return name.starts_with(base_) ? number_of(name.substr(base_.size())) : std::nullopt;
}

std::optional<std::time_t> ImageNames::revision_time(std::string_view name) const {
  if (!revision_number(name)) return std::nullopt;
  std::tm utc{};
  const char* end = strptime(std::string{name.substr(name.find('@') + 1)}.c_str(), kTime, &utc);
  if (end == nullptr) return std::nullopt;
  return timegm(&utc);
}

bool ImageNames::is_leftover(std::string_view name) const {
  const auto image = image_of(beside(name));
  return image && image->is_leftover && image->vid == vid_;
}

std::optional<NamedImage> image_of(std::string_view path) {
  const std::string_view finished = path.substr(0, path.find('~'));
  const auto end = end_of_vid(finished);
  if (!end) return std::nullopt;
  Vid vid{finished.substr(0, *end)};
  if (!is_usable(vid)) return std::nullopt;
  const std::string_view rest = finished.substr(*end);
  const bool is_whole = finished.size() == path.size() && rest != kImporting && rest != kPrecache;
  return NamedImage{std::move(vid), !is_whole};
}

std::string unfinished(const std::string& name) { return name + "~new"; }

}  // namespace qubes::mgmt
