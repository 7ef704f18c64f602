// SPDX-License-Identifier: GPL-2.0-or-later
// Files that were made to harm, or that were damaged.
#include <array>
#include <catch2/catch.hpp>
#include <fstream>
#include <random>

#include "base/fault.h"
#include "exchange/firewall_xml.h"
#include "exchange/qubes_xml.h"

using namespace qubes::mgmt;

namespace {

const std::string kEmpty = "<qubes><labels/><domains/></qubes>";

std::string real_file() {
  std::ifstream in{QUBES_TEST_DATA "/qubes-100.xml"};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// The sentence of the refusal, or "read".
std::string outcome(const std::string& bytes) {
  try {
    read_qubes_xml(bytes);
  } catch (const Fault& fault) {
    CHECK(fault.kind() == FaultKind::malformed);
    return fault.what();
  }
  return "read";
}

bool is_refused(const std::string& bytes, std::string_view says) {
  INFO(bytes.substr(0, 200));
  const std::string said = outcome(bytes);
  INFO(said);
  return said.find(says) != std::string::npos;
}

/// A file with this between its two parts.
std::string with(const std::string& part) {
  return "<qubes><labels/>" + part + "<domains/></qubes>";
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += part;
  return all;
}

}  // namespace

TEST_CASE("what declares types or entities is refused", "[xml]") {
  REQUIRE(outcome(kEmpty) == "read");
  CHECK(is_refused("<!DOCTYPE qubes>" + kEmpty, "declares"));
  CHECK(is_refused("<!doctype qubes SYSTEM \"http://example.org/q.dtd\">" + kEmpty, "declares"));
  std::string laughs = "<!DOCTYPE q [<!ENTITY l0 \"lol\">";
  for (int i = 1; i < 10; ++i)
    laughs += "<!ENTITY l" + std::to_string(i) + " \"" +
              repeated("&l" + std::to_string(i - 1) + ";", 10) + "\">";
  CHECK(is_refused(laughs + "]>" + with("<properties>&l9;</properties>"), "declares"));
  CHECK(is_refused("<!DOCTYPE q [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" + with("<a>&x;</a>"),
                   "declares"));
  CHECK(is_refused("<?xml version=\"1.0\"?><!DOCTYPE q [<!ENTITY % p SYSTEM \"x\"> %p;]>" + kEmpty,
                   "declares"));
  CHECK(is_refused(with("<a><![CDATA[x]]></a>"), "declares"));
}

TEST_CASE("only the references of plain XML are accepted", "[xml]") {
  for (const std::string reference :
       {"&l9;", "&x;", "&", "& ", "&amp", "&#0;", "&#11;", "&#xFFFFFFFF;", "&#xD800;", "&#;",
        "&#x;", "&#-1;", "&#1114112;", "&;"})
    CHECK(is_refused(with("<a b=\"" + reference + "\"/>"), "reference"));
  CHECK(outcome(with("<a>&amp;&lt;&gt;&quot;&apos;&#65;&#x41;&#10;</a>")) == "read");
}

TEST_CASE("bytes that no XML holds are refused", "[xml]") {
  using namespace std::string_literals;
  for (const std::string& bytes : {"\0"s, "\x01"s, "\x0b"s, "\x1b"s})
    CHECK(is_refused(with("<a>" + bytes + "</a>"), "holds the byte"));
  CHECK(is_refused(kEmpty + "\0"s, "holds the byte"));
  CHECK(is_refused("", "it is no XML"));
  CHECK(is_refused("\xff\xfe<\0q\0>\0"s, "holds the byte"));
}

TEST_CASE("deep, long and endless files are refused", "[xml]") {
  CHECK(is_refused(with(repeated("<a>", 100'000) + repeated("</a>", 100'000)), "nested"));
  CHECK(is_refused(repeated("<a>", 100'000), "no XML"));
  CHECK(is_refused(with(repeated("<a/>", 4'000'000)), "tags and attributes"));
  CHECK(is_refused(with("<properties>" + repeated("<property name=\"a\">b</property>", 10'001) +
                        "</properties>"),
                   "holds more than 10000"));
  CHECK(is_refused(std::string(300U << 20U, ' '), "bytes"));
  const std::string big = "<qubes>" + std::string(kLongestQubesXml, ' ');
  CHECK(is_refused(big, "bytes"));
}

TEST_CASE("another document is refused", "[xml]") {
  CHECK(is_refused("<firewall version=\"2\"/>", "not called 'qubes'"));
  CHECK(is_refused(kEmpty + kEmpty, "not called 'qubes'"));
  CHECK(is_refused("<qubes><labels/></qubes>", "no element 'domains'"));
  CHECK(is_refused("<qubes><domains/></qubes>", "no element 'labels'"));
  CHECK(is_refused(with("<properties><property name=\"a\">x<b/>y</property></properties>"),
                   "where text is expected"));
}

TEST_CASE("a file that was cut off is refused", "[xml]") {
  const std::string whole = real_file();
  REQUIRE(outcome(whole) == "read");
  const std::size_t end = whole.find_last_not_of('\n') + 1;
  for (std::size_t part = 0; part < 200; ++part) {
    INFO(part);
    CHECK(outcome(whole.substr(0, end * part / 200)) != "read");
  }
}

TEST_CASE("a damaged file is read or refused, whichever byte it is", "[xml]") {
  const std::string whole = real_file();
  std::mt19937 generator{1};  // NOLINT: the same damage each time
  int refusals = 0;
  for (int i = 0; i < 2'000; ++i) {
    std::string damaged = whole.substr(0, 20'000) + whole.substr(whole.size() - 20'000);
    damaged[generator() % damaged.size()] ^= static_cast<char>(1U << (generator() % 8));
    refusals += outcome(damaged) == "read" ? 0 : 1;
  }
  CHECK(refusals > 100);
}

TEST_CASE("a damaged firewall is read or refused", "[xml]") {
  const std::string whole = write_firewall_xml(std::array{
      FirewallRule::parse("action=accept dst4=10.0.0.1 proto=tcp dstports=80"),
      FirewallRule::parse("action=drop expire=5 comment=a b"),
  });
  for (std::size_t i = 0; i < whole.size() * 8; ++i) {
    std::string damaged = whole;
    damaged[i / 8] ^= static_cast<char>(1U << (i % 8));
    try {
      read_firewall_xml(damaged);
    } catch (const Fault& fault) {
      const bool is_known =
          fault.kind() == FaultKind::malformed || fault.kind() == FaultKind::bad_value;
      CHECK(is_known);
    }
  }
}
