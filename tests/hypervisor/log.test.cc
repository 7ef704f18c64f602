// SPDX-License-Identifier: GPL-2.0-or-later
#include "hypervisor/xen/log.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <cstdarg>

using namespace qubes::mgmt;

namespace {

void say(xen::Log& log, xentoollog_level level, int error, const char* format, ...) {
  va_list words;
  va_start(words, format);
  log.vmessage(&log, level, error, "libxl", format, words);
  va_end(words);
}

}  // namespace

TEST_CASE("plain words leave out what only libxl's authors need", "[log]") {
  using xen::plain_words;
  CHECK(plain_words("libxl_create.c:661:libxl__domain_make: Domain with name \"p1\" already "
                    "exists.") == "Domain with name \"p1\" already exists.");
  CHECK(plain_words("libxl_disk.c:339:libxl__device_disk_set_backend: Domain 12:Disk vdev=xvda "
                    "failed to stat: /dev/x: No such file or directory") ==
        "Disk vdev=xvda failed to stat: /dev/x: No such file or directory");
  CHECK(plain_words("panic: xg_dom_core.c:690: xc_dom_find_loader: no loader found: Invalid "
                    "kernel") == "the kernel is of no kind that Xen knows how to start");
  CHECK(plain_words("panic: xg_dom_boot.c:118: xc_dom_boot_mem_init: can't allocate low memory "
                    "for domain: Out of memory") ==
        "can't allocate low memory for domain: Out of memory");
  CHECK(plain_words("libxl_device.c:1262:device_hotplug_child_death_cb: script: /dev/loop0 is in "
                    "use in dom0") == "/dev/loop0 is in use in dom0");
}

TEST_CASE("plain words keep what is not theirs to judge", "[log]") {
  using xen::plain_words;
  CHECK(plain_words("").empty());
  CHECK(plain_words("Domain x: y") == "Domain x: y");
  CHECK(plain_words("no memory: none at all") == "no memory: none at all");
  CHECK(plain_words("the file a.c: gone") == "the file a.c: gone");
  CHECK(plain_words("bad \033[31m bytes\n") == "bad ?[31m bytes");
}

TEST_CASE("the first error is the cause", "[log]") {
  xen::Log log;
  CHECK(log.cause().empty());
  say(log, XTL_DEBUG, -1, "opened %d files", 3);
  CHECK(log.cause().empty());
  say(log, XTL_WARN, -1, "something odd");
  CHECK(log.cause() == "something odd");
  say(log, XTL_ERROR, ENOENT, "libxl_x.c:1:f: Domain %d:cannot open %s", 4, "/x");
  say(log, XTL_ERROR, -1, "cannot build domain");
  CHECK(log.cause() == "cannot open /x: No such file or directory");
  log.clear();
  CHECK(log.cause().empty());
}

TEST_CASE("a script's own words come before the news that it failed", "[log]") {
  xen::Log log;
  say(log, XTL_ERROR, -1, "libxl_exec.c:117:f: /x/block add [313] exited with error status 1");
  CHECK(log.cause() == "/x/block add [313] exited with error status 1");
  say(log, XTL_ERROR, -1, "libxl_device.c:1262:f: script: /dev/sda1 is in use in dom0");
  CHECK(log.cause() == "/dev/sda1 is in use in dom0");
}

TEST_CASE("the words for errno are not said twice", "[log]") {
  xen::Log log;
  say(log, XTL_ERROR, ENOENT, "cannot open /x: No such file or directory");
  CHECK(log.cause() == "cannot open /x: No such file or directory");
}

TEST_CASE("lack of memory is recognised in any error", "[log]") {
  xen::Log log;
  say(log, XTL_WARN, ENOMEM, "Out of memory");
  CHECK_FALSE(log.out_of_memory());
  say(log, XTL_ERROR, -1, "first");
  say(log, XTL_ERROR, -1, "xc_dom_boot_mem_init: can't allocate: Out of memory");
  CHECK(log.out_of_memory());
}
