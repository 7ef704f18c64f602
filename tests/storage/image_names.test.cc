// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/image_names.h"

#include <catch2/catch.hpp>

#include "base/fault.h"

using namespace qubes::mgmt;

TEST_CASE("files have the names that Qubes gives them", "[image_names]") {
  const ImageNames names{"appvms/work/private"};
  CHECK(names.folder() == "appvms/work");
  CHECK(names.committed() == "appvms/work/private.img");
  CHECK(names.running() == "appvms/work/private-dirty.img");
  CHECK(names.importing() == "appvms/work/private-import.img");
  CHECK(names.revision(7, 1521065905) == "appvms/work/private.img.7@2018-03-14T22:18:25Z");
  CHECK(ImageNames{"alone"}.folder() == ".");
  CHECK(ImageNames{"alone"}.beside("x") == "x");
  CHECK(names.beside("x") == "appvms/work/x");
}

TEST_CASE("a revision is told by its number", "[image_names]") {
  const ImageNames names{"appvms/work/private"};
  CHECK(names.revision_number("private.img.7@2018-03-14T22:18:25Z") == 7);
  CHECK(names.revision_number("private.img.12@2018-03-14T22:18:25Z") == 12);
  const std::string other =
      GENERATE(as<std::string>{}, "private.img", "private.img.7",
               "private.img.@2018-03-14T22:18:25Z", "private.img.x7@2018Z", "private.img.-7@2018Z",
               "root.img.7@2018-03-14T22:18:25Z", "private.img.7@2018Z~new",
               "private.img.99999999999999999999@2018Z", "private.img.18446744073709551615@2018Z",
               "private-dirty.img", "my-private.img.7@2018-03-14T22:18:25Z");
  CAPTURE(other);
  CHECK_FALSE(names.revision_number(other));
}

TEST_CASE("a revision's name says when its content was written", "[image_names]") {
  const ImageNames names{"appvms/work/private"};
  CHECK(names.revision_time("private.img.7@2018-03-14T22:18:25Z") == 1521065905);
  CHECK_FALSE(names.revision_time("private.img.7@yesterday"));
  CHECK_FALSE(names.revision_time("root.img.7@2018-03-14T22:18:25Z"));
}

TEST_CASE("a path says whose image it is", "[image_names]") {
  CHECK(image_of("a.img.1/root-dirty.img")->vid == "a.img.1/root");
  CHECK(image_of("a/x.img.b.img.7@2018-03-14T22:18:25Z")->vid == "a/x.img.b");
  CHECK(image_of("data-import.img")->is_leftover);
  CHECK_FALSE(image_of("data.img")->is_leftover);
  const std::string nobodys = GENERATE(as<std::string>{}, "", ".img", "a/.img", "notes", "a b.img",
                                       "x.img.y@2018-03-14T22:18:25Z", "x@7.img", "/etc/x.img");
  CHECK_FALSE(image_of(nobodys));
}

TEST_CASE("only what is unfinished is a leftover", "[image_names]") {
  const ImageNames names{"appvms/work/private"};
  const std::string leftover =
      GENERATE(as<std::string>{}, "private.img~new", "private.img~k3j2", "private-dirty.img~new",
               "private-import.img", "private-import.img~x", "private-precache.img",
               "private-precache.img~q", "private.img.7@2018-03-14T22:18:25Z~new");
  CHECK(names.is_leftover(leftover));
  const std::string kept =
      GENERATE(as<std::string>{}, "private.img", "private-dirty.img", "private~notes",
               "root.img~new", "private-2.img~new", "private.img.7@2018-03-14T22:18:25Z",
               "my-private.img~new", "another.img~new", "private", "");
  CHECK_FALSE(names.is_leftover(kept));
}

TEST_CASE("an id that could reach other files is refused", "[image_names]") {
  const std::string vid =
      GENERATE(as<std::string>{}, "", "/", "/etc/x", "a//b", "a/", "../x", "a/../b", "a/./b", "a b",
               "a~b", "a@b", "a\nb", "work/private-dirty", "work/private-import",
               "work/private-precache", std::string(600, 'a'), std::string("a\0b", 3));
  CAPTURE(vid);
  CHECK_THROWS_AS(ImageNames{vid}, Fault);
}

TEST_CASE("usual ids pass", "[image_names]") {
  const std::string vid =
      GENERATE(as<std::string>{}, "appvms/work/private", "vm-templates/debian-12-xfce/root",
               "appvms/a.b_c/private-2", "data", "appvms/x.img/root");
  CHECK_NOTHROW(ImageNames{vid});
}
