// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/device.h"

#include "base/text.h"

namespace qubes::mgmt {
namespace {

std::string with_only(std::string_view untrusted, std::string_view marks) {
  std::string out;
  for (const char c : untrusted) out += consists_of({&c, 1}, marks) ? c : '_';
  return out;
}

}  // namespace

std::string device_words(std::string_view untrusted) {
  std::string words = with_only(untrusted, "()+,-.:=_/ ");
  if (words.ends_with('=')) words.back() = '_';
  return words;
}

std::string identity_part(std::string_view untrusted) { return with_only(untrusted, ".-"); }

std::string block_identity(std::string_view parent, std::string_view port) {
  const std::size_t last = port.find_last_not_of("0123456789");
  const std::string_view number = port.substr(last == port.npos ? 0 : last + 1);
  return concat(parent, ":", number.empty() ? "0" : number);
}

Device microphone() {
  Device device{.device_class = DeviceClass::mic,
                .backend = "dom0",
                .port = "mic",
                .identity = "dom0:mic::m000000"};
  device.product = "microphone";
  device.manufacturer = "built-in";
  device.interfaces = "m000000";
  return device;
}

}  // namespace qubes::mgmt
