// SPDX-License-Identifier: GPL-2.0-or-later
// How PolicyReader finds and opens files.
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"
#include "policy/reader.h"

namespace qubes::mgmt {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".policy";
constexpr std::string_view kNameMarks = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
constexpr std::size_t kMostBytes = std::size_t{64} << 20U;

std::string quoted(const fs::path& path) { return concat("'", printable(path.native()), "'"); }

Fault unreadable(const fs::path& path, const std::error_code& why) {
  const bool denied = why == std::errc::permission_denied;
  return {denied ? FaultKind::denied : FaultKind::io_failed,
          concat(quoted(path), " cannot be read: ", why.message())};
}

}  // namespace

fs::path PolicyReader::resolved(std::string_view word) const {
  const Path path{word};
  if (std::ranges::find(path, Path{".."}) != path.end())
    throw Fault{FaultKind::malformed,
                concat(quoted(path), " leads out of the policy; accepted is a path without '..'")};
  return (Path{base_} / path).lexically_normal();
}

const PolicyReader::Loaded& PolicyReader::load(std::string_view word) {
  std::string key = concat(base_, " ", word);
  auto known = loaded_.find(key);
  if (known == loaded_.end()) {
    const Path path = resolved(word);
    if (!is_file(path)) throw Fault{FaultKind::malformed, concat(quoted(path), " is not a file")};
    known = loaded_.emplace(std::move(key), open(path)).first;
  }
  bytes_ += known->second.bytes.size();
  if (bytes_ > kMostBytes)
    throw Fault{FaultKind::malformed,
                concat("the policy has more than ", kMostBytes, " bytes with all its includes")};
  return known->second;
}

PolicyReader::Loaded PolicyReader::open(const Path& file) {
  // Not to wait for a writer, should it have become a pipe since it was looked at.
  const Descriptor opened{
      ::open(root_.at(file).c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)};
  if (!opened) throw unreadable(file, {errno, std::generic_category()});
  const auto number = static_cast<std::uint32_t>(files.size());
  files.push_back(file.native());
  const auto outer = std::exchange(position_, PolicyPosition{number, 0});
  Loaded loaded{number, read_all(opened.number(), kMostBytes)};
  position_ = outer;
  return loaded;
}

bool PolicyReader::is_file(const Path& path) const {
  std::error_code error;
  const fs::file_status status = fs::status(root_.at(path), error);
  if (error == std::errc::permission_denied) throw unreadable(path, error);
  return fs::is_regular_file(status);
}

std::vector<std::string> PolicyReader::names_in(const Path& folder) const {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at{root_.at(folder), error}, end; !error && at != end;
       at.increment(error))
    names.push_back(at->path().filename().native());
  if (error) throw unreadable(folder, error);
  std::ranges::sort(names);
  return names;
}

std::vector<std::string> PolicyReader::policies_in(const Path& folder) const {
  std::vector<std::string> names = names_in(folder);
  std::erase_if(names, [&](const std::string& name) {
    return !name.ends_with(kSuffix) || name.front() == '.' || !is_file(folder / name);
  });
  for (const std::string& name : names)
    if (name.find_first_not_of(kNameMarks) != name.npos)
      throw Fault{FaultKind::malformed,
                  concat(quoted(folder / name), " has a name that no policy has; accepted are ",
                         "small letters, digits, '_', '.' and '-'")};
  return names;
}

}  // namespace qubes::mgmt
