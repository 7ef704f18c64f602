// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/note.h"

#include <catch2/catch.hpp>

#include "base/fault.h"

using namespace qubes::mgmt;
using namespace std::string_literals;

TEST_CASE("a note keeps what people write and shows nothing else", "[note]") {
  CHECK(NoteText::parse("tax\toffice\n\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80").text() ==
        "tax\toffice\n\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
  CHECK(NoteText::parse("").text().empty());
  CHECK(NoteText::parse("a\0b\x1b[0m\r\x7f"s).text() == "a_b_[0m__");
  // A mark that turns the direction of text, a zero-width blank, a private character.
  CHECK(NoteText::parse("a\xe2\x80\xae"
                        "b\xe2\x80\x8b"
                        "c\xee\x80\x80")
            .text() == "a_b_c_");
}

TEST_CASE("a note is UTF-8 and not too long", "[note]") {
  for (const std::string& text :
       {"\x80"s, "\xc3"s, "\xc0\x80"s, "\xe0\x80\x80"s, "\xed\xa0\x80"s, "\xf0\x80\x80\x80"s,
        "\xf4\x90\x80\x80"s, "\xff"s, "a\xe2\x82"s, "\xc3("s})
    CHECK_THROWS_WITH(NoteText::parse(text), Catch::Contains("not UTF-8"));
  CHECK(NoteText::parse(std::string(NoteText::kLongest, 'a')).text().size() == NoteText::kLongest);
  CHECK_THROWS_WITH(NoteText::parse(std::string(NoteText::kLongest + 1, 'a')),
                    Catch::Contains("256001 bytes"));
}
