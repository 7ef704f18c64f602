// SPDX-License-Identifier: GPL-2.0-or-later
#include "point.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <initializer_list>

namespace qubes::mgmt {
namespace {

constexpr std::uint64_t kNameless = O_TMPFILE & ~O_DIRECTORY;

enum class Sink { lasting, stream, nothing };

bool begins_with_any(std::string_view text, std::initializer_list<std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [text](std::string_view beginning) { return text.starts_with(beginning); });
}

bool keeps_nothing(std::string_view path) {
  return begins_with_any(
      path, {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty",
             "/dev/pts/", "/dev/ptmx", "/dev/hvc", "/dev/console", "/memfd:"});
}

bool takes_requests(std::string_view path) {
  return begins_with_any(path, {"/dev/xen/", "/proc/xen/", "/dev/zfs"});
}

/// Where what is written to a descriptor ends.
Sink sink_of(pid_t process, int descriptor, const Extras& extras) {
  const std::string link = descriptor_link(process, descriptor);
  struct stat status {};
  if (stat(link.c_str(), &status) != 0) return Sink::nothing;
  if (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)) return Sink::stream;
  if (S_ISBLK(status.st_mode)) return Sink::lasting;
  if (!S_ISREG(status.st_mode) && !S_ISCHR(status.st_mode)) return Sink::nothing;
  const std::string path = link_target(link);
  // What is written to it is the acknowledgement of an event, no change of a domain.
  if (path == "/dev/xen/evtchn" && !extras.device_requests) return Sink::nothing;
  return keeps_nothing(path) ? Sink::nothing : Sink::lasting;
}

int descriptor_of(const ChangingCall& call, const CallEntry& entry, char letter) {
  return static_cast<int>(entry.arguments[call.arguments.find(letter)]);
}

bool writes(pid_t process, const ChangingCall& call, const CallEntry& entry, const Extras& extras) {
  const Sink sink = sink_of(process, descriptor_of(call, entry, 'o'), extras);
  return sink == Sink::lasting || (sink == Sink::stream && extras.streams);
}

std::uint64_t open_flags(pid_t process, const ChangingCall& call, const CallEntry& entry) {
  const std::uint64_t behind_path = entry.arguments[call.arguments.size()];
  if (call.rule == Rule::opening) return behind_path;
  return word_at(process, behind_path).value_or(0);
}

bool makes_file(pid_t process, const ChangingCall& call, const CallEntry& entry) {
  if ((open_flags(process, call, entry) & changing_open_flags()) == 0) return false;
  return !keeps_nothing(text_at(process, entry.arguments[call.arguments.find('p')]));
}

bool maps_file(pid_t process, const CallEntry& entry, const Extras& extras) {
  const auto& [address, length, protection, flags, descriptor, offset] = entry.arguments;
  if ((protection & PROT_WRITE) == 0 || (flags & MAP_SHARED) == 0) return false;
  if ((flags & MAP_ANONYMOUS) != 0) return false;
  return sink_of(process, static_cast<int>(descriptor), extras) == Sink::lasting;
}

bool requests_change(pid_t process, const CallEntry& entry, const Extras& extras) {
  const auto request = static_cast<std::uint32_t>(entry.arguments[1]);
  const auto known = changing_requests();
  if (std::find(known.begin(), known.end(), request) != known.end()) return true;
  if (!extras.device_requests) return false;
  return takes_requests(
      link_target(descriptor_link(process, static_cast<int>(entry.arguments[0]))));
}

/// A name that this process can use for a path that the traced one names.
std::string path_from_here(pid_t process, int folder, const std::string& path) {
  const std::string own = "/proc/" + std::to_string(process);
  if (path.starts_with('/')) return own + "/root" + path;
  return (folder == AT_FDCWD ? own + "/cwd" : descriptor_link(process, folder)) + '/' + path;
}

std::string described_argument(pid_t process, char letter, std::uint64_t value) {
  if (letter == 'p') return text_at(process, value);
  const int descriptor = static_cast<int>(value);
  if (letter == 'd' && descriptor == AT_FDCWD) return {};
  return link_target(descriptor_link(process, descriptor));
}

}  // namespace

bool is_point(pid_t process, const ChangingCall& call, const CallEntry& entry,
              const Extras& extras) {
  switch (call.rule) {
    case Rule::always:
      return true;
    case Rule::output:
      return writes(process, call, entry, extras);
    case Rule::sending:
      return extras.streams && writes(process, call, entry, extras);
    case Rule::opening:
    case Rule::opening_how:
      return makes_file(process, call, entry);
    case Rule::mapping:
      return maps_file(process, entry, extras);
    case Rule::request:
      return requests_change(process, entry, extras);
    case Rule::refused:
      break;
  }
  return false;
}

bool takes_space(pid_t process, const ChangingCall& call, const CallEntry& entry) {
  if (call.space == Space::kept) return false;
  const bool opens =
      call.name == "creat" || call.rule == Rule::opening || call.rule == Rule::opening_how;
  if (!opens) return true;
  if (call.name != "creat" && (open_flags(process, call, entry) & kNameless) != 0) return true;
  // Only a new file needs space; programs open existing ones with O_CREAT, too.
  const auto folder = call.arguments.find('d');
  const std::string path = text_at(process, entry.arguments[call.arguments.find('p')]);
  const std::string here = path_from_here(
      process,
      folder == std::string_view::npos ? AT_FDCWD : static_cast<int>(entry.arguments[folder]),
      path);
  return access(here.c_str(), F_OK) != 0;
}

std::string described(pid_t process, const ChangingCall& call, const CallEntry& entry) {
  std::string line{call.name};
  std::string folder;
  for (std::size_t index = 0; index < call.arguments.size(); ++index) {
    const char letter = call.arguments[index];
    if (letter == '-') continue;
    const std::string text = described_argument(process, letter, entry.arguments[index]);
    if (letter == 'd') {
      folder = text.empty() ? "" : text + '/';
      continue;
    }
    line += ' ' + (text.starts_with('/') ? "" : folder) + text;
    folder.clear();
  }
  return line;
}

}  // namespace qubes::mgmt
