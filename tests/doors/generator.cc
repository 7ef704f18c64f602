// SPDX-License-Identifier: GPL-2.0-or-later
#include "doors/generator.h"

#include <array>
#include <cstdlib>

namespace qubes::mgmt::test {
namespace {

using namespace std::string_view_literals;

constexpr std::array kParts{
    // what is right somewhere
    "work"sv, "dom0"sv, "deb"sv, "label"sv, "netvm"sv, "name"sv, "red"sv, "none"sv, "AppVM"sv,
    "name=new label=red"sv, "name="sv, "label="sv, "uuid:"sv, "force"sv, "wait"sv, "True"sv,
    "00000000-0000-0000-0000-000000000000"sv, "mgmt.vm.List"sv, "admin.vm.Kill"sv, "@adminvm"sv,
    // numbers and their borders
    "0"sv, "-1"sv, "007"sv, "255"sv, "65536"sv, "2147483648"sv, "18446744073709551616"sv, "1e9"sv,
    // what leads elsewhere
    "/"sv, ".."sv, "../"sv, "./"sv, "~"sv, "/etc/passwd"sv, "\\"sv,
    // marks of shells, formats, SQL, roff, options and our own separators
    ";"sv, "$(id)"sv, "`id`"sv, "|"sv, "&"sv, "*"sv, "%s"sv, "%n"sv, "%%"sv, "'"sv, "\""sv, "--"sv,
    "--help"sv, "-h"sv, "' OR 1=1"sv, "+"sv, "="sv, ":"sv, "."sv, "_"sv, "-"sv, " "sv, "\n"sv,
    "\r"sv, "\t"sv, "\0"sv,
    // no ASCII, and no UTF-8
    "\xc3\xa4"sv, "\xe2\x80\xae"sv, "\xff"sv, "\xc0\x80"sv, "\x7f"sv, "\x1b[2J"sv};

constexpr std::array<std::size_t, 8> kLengths{2, 31, 32, 64, 255, 256, 1024, 4096};

}  // namespace

std::string Generator::part() {
  switch (below(12)) {
    case 0:
      return std::string(1 + below(4), static_cast<char>(below(256)));
    case 1:
      return std::string(kLengths[below(below(16) == 0 ? kLengths.size() : 4)],
                         static_cast<char>('a' + below(26)));
    default:
      return std::string{kParts[below(kParts.size())]};
  }
}

std::string Generator::text() {
  std::string text;
  for (std::size_t parts = below(6); parts > 0; --parts) text += part();
  if (!text.empty() && below(8) == 0) text[below(text.size())] = static_cast<char>(below(256));
  return text;
}

int rounds(int usual, int many) {
  const char* wanted = std::getenv("QUBES_TEST_LONG");
  return wanted != nullptr && wanted == "1"sv ? many : usual;
}

}  // namespace qubes::mgmt::test
