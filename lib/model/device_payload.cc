// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/device_payload.h"

#include <algorithm>

#include "base/text.h"

namespace qubes::mgmt {
namespace {

constexpr std::size_t kMostWords = 32;
constexpr std::size_t kLongestKey = 64;
constexpr std::size_t kLongestValue = 255;
constexpr std::size_t kCodeSize = kUnknownInterface.size();
constexpr std::string_view kBlanks = " \t\r\n";

constexpr std::array<std::string_view, 6> kNoOptions{
    "device_id", "port_id", "devclass", "backend_domain", "frontend_domain", "mode"};

Fault malformed(std::string_view untrusted, std::string_view why) {
  return {FaultKind::malformed, concat("'", printable(untrusted), "' is not accepted: ", why)};
}

/// Takes the text apart, from its front.
class Reader {
 public:
  explicit Reader(std::string_view untrusted) : rest_{untrusted} { skip_blanks(); }

  bool at_end() const { return rest_.empty(); }

  std::string key() {
    const std::size_t end = rest_.find('=');
    const std::string_view key = rest_.substr(0, end);
    if (end == rest_.npos) throw malformed(key, "OPTION=VALUE is expected");
    if (key.empty() || key.size() > kLongestKey || !consists_of(key, "-_."))
      throw malformed(key, "an option is up to 64 letters, digits, '-', '_' and '.'");
    rest_.remove_prefix(end + 1);
    return std::string{key};
  }

  std::string value() {
    std::string value = rest_.starts_with('\'') ? quoted() : bare();
    if (value.size() > kLongestValue || !is_printable(value))
      throw malformed(value, "a value is up to 255 printable characters");
    // Today's clients misread a list with such a value in it.
    if (value.ends_with('=')) throw malformed(value, "a value cannot end in '='");
    skip_blanks();
    return value;
  }

 private:
  void skip_blanks() {
    const std::size_t begin = rest_.find_first_not_of(kBlanks);
    rest_.remove_prefix(begin == rest_.npos ? rest_.size() : begin);
  }

  std::string bare() {
    const std::size_t end = std::min(rest_.find_first_of(kBlanks), rest_.size());
    std::string value{rest_.substr(0, end)};
    if (value.find('\'') != value.npos) throw malformed(value, "a quote begins a value or is none");
    rest_.remove_prefix(end);
    return value;
  }

  std::string quoted() {
    std::string value;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_.substr(i, 2) == "\\'") {
        value += rest_[++i];
        continue;
      }
      if (rest_[i] != '\'') {
        value += rest_[i];
        continue;
      }
      const std::string_view behind = rest_.substr(i + 1);
      if (!behind.empty() && kBlanks.find(behind[0]) == kBlanks.npos)
        throw malformed(behind, "a blank is expected behind a quote");
      rest_ = behind;
      return value;
    }
    throw malformed(rest_, "its quote has no end");
  }

  std::string_view rest_;
};

void require_same(std::string_view what, const std::optional<std::string>& said,
                  std::string_view expected) {
  if (!said || *said == expected) return;
  throw Fault{FaultKind::malformed, concat(what, " is said to be '", printable(*said),
                                           "': this call is about '", expected, "'")};
}

bool is_code(std::string_view code) {
  return std::string_view{"bump*"}.find(code[0]) != std::string_view::npos &&
         code.substr(1).find_first_not_of("0123456789abcdef*") == code.npos;
}

bool denies(std::string_view code, std::string_view interface) {
  return std::ranges::equal(code, interface,
                            [](char wanted, char has) { return wanted == '*' || wanted == has; });
}

}  // namespace

DevicePayload DevicePayload::parse(std::string_view untrusted) {
  DevicePayload payload;
  Reader reader{untrusted};
  for (std::size_t count = 1; !reader.at_end(); ++count) {
    if (count > kMostWords)
      throw Fault{FaultKind::malformed, concat("more than ", kMostWords, " options")};
    const std::string key = reader.key();
    payload.take(key, reader.value());
  }
  return payload;
}

void DevicePayload::take(const std::string& key, const std::string& value) {
  const bool is_word = std::ranges::find(kNoOptions, key) != kNoOptions.end();
  const std::string name = key.starts_with('_') ? key.substr(1) : key;
  if (name.empty()) throw malformed(key, "an option has a name");
  if (!(is_word ? words_ : options_).emplace(name, value).second)
    throw malformed(key, "it is said twice");
}

std::optional<std::string> DevicePayload::said(std::string_view name) const {
  const auto found = words_.find(name);
  if (found == words_.end()) return std::nullopt;
  return found->second;
}

DeviceReference agreed_device(const DeviceReference& device, DeviceClass device_class,
                              std::string_view vm, const DevicePayload& payload) {
  DeviceReference agreed = device;
  require_same("backend_domain", payload.said("backend_domain"), device.backend);
  require_same("port_id", payload.said("port_id"), device.port);
  require_same("devclass", payload.said("devclass"), text(device_class));
  require_same("frontend_domain", payload.said("frontend_domain"), vm);
  const auto identity = payload.said("device_id");
  if (!identity) return agreed;
  if (device.identity != "*" && !is_same_identity(device.identity, *identity))
    require_same("device_id", identity, device.identity);
  // The payload has room for the marks that an argument has not.
  std::string argument = concat(device.backend, "+_+", *identity);
  std::ranges::replace(argument, ':', '+');
  agreed.identity = DeviceReference::parse(argument).identity;
  return agreed;
}

AssignmentMode AssignmentMode::parse(std::string_view untrusted) {
  if (const auto mode = device_mode_of(untrusted)) return {*mode};
  throw Fault{FaultKind::bad_device_mode,
              concat("'", printable(untrusted), "' is no way to attach a device: ", kGrammar,
                     " are accepted")};
}

InterfaceCodes InterfaceCodes::parse(std::string_view untrusted) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (!std::ranges::all_of(untrusted, is_ascii)) throw malformed(untrusted, "it is not ASCII");
  if (untrusted.size() % kCodeSize != 0)
    throw Fault{FaultKind::bad_value, concat("'", printable(untrusted), "' is not accepted: codes ",
                                             "of seven characters each are, without separators")};
  InterfaceCodes parsed;
  for (std::string_view rest = untrusted; !rest.empty(); rest.remove_prefix(kCodeSize)) {
    const std::string_view code = rest.substr(0, kCodeSize);
    if (!is_code(code))
      throw Fault{FaultKind::bad_property_value,
                  concat("'", printable(code), "' is not accepted: b, u, m, p or *, then six ",
                         "hexadecimal digits or * are")};
    if (std::ranges::find(parsed.codes_, code) != parsed.codes_.end())
      throw malformed(code, "it is said twice");
    parsed.codes_.emplace_back(code);
  }
  return parsed;
}

InterfaceCodesOrAll InterfaceCodesOrAll::parse(std::string_view untrusted) {
  if (untrusted == "all") return {.is_all = true};
  return {.some = InterfaceCodes::parse(untrusted)};
}

std::optional<std::string> denying_code(std::string_view denied, const Device& device) {
  for (; denied.size() >= kCodeSize; denied.remove_prefix(kCodeSize))
    for (std::string_view rest = device.interfaces; rest.size() >= kCodeSize;
         rest.remove_prefix(kCodeSize))
      if (denies(denied.substr(0, kCodeSize), rest.substr(0, kCodeSize)))
        return std::string{denied.substr(0, kCodeSize)};
  return std::nullopt;
}

}  // namespace qubes::mgmt
