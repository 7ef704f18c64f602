// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>

#include "base/file.h"
#include "support/eventually.h"
#include "tools/world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using namespace std::string_literals;

namespace {

namespace fs = std::filesystem;

struct Templates : World {
  Templates() { check_done(shell({"mgmt.vm.List"}), "dom0 class=AdminVM state=Running\n"); }

  Result make(const std::string& image) const {
    return shell({"mgmt.vm.CreateTemplate", "deb"}, image);
  }

  std::string root_size() const {
    return query("SELECT size FROM volume WHERE name = 'root'").front();
  }

  fs::path image() const { return root.at("/var/lib/qubes/vm-templates/deb/root.img"); }
};

std::string content(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// An ext4 file system of 8 MiB, made by the usual program.
void make_ext4(const fs::path& file) {
  std::ofstream{file};
  fs::resize_file(file, 8 << 20);
  REQUIRE(run({.words = {"/usr/sbin/mkfs.ext4", "-q", "-F", file}}).status == 0);
}

}  // namespace

TEST_CASE_METHOD(Templates, "keeps every byte of the image", "[mgmt.vm.CreateTemplate]") {
  const std::string bytes = some_image(300'000);
  check_done(make(bytes));
  CHECK(root_size() == "300032");
  CHECK(content(image()) == bytes + std::string(32, '\0'));
  CHECK(query("SELECT class || label FROM vm WHERE name = 'deb'") ==
        std::vector<std::string>{"TemplateVM8"});
}

TEST_CASE_METHOD(Templates, "takes the image from qrexec and from a file",
                 "[mgmt.vm.CreateTemplate]") {
  check_done(
      call({.method = "mgmt1.vm.CreateTemplate", .argument = "deb", .payload = some_image(512)}));
  CHECK(root_size() == "512");
  const fs::path file = root.at("/image");
  std::ofstream{file} << some_image(1024);
  check_done(shell({"mgmt.vm.CreateTemplate", "two", "--file", file}));
  check_refused(shell({"mgmt.vm.CreateTemplate", "three", "--file", "/no/such"}), 74,
                "mgmt.vm.CreateTemplate", "/no/such");
}

TEST_CASE_METHOD(Templates, "runs of zeros take no room", "[mgmt.vm.CreateTemplate]") {
  check_done(make(std::string(64 << 20, '\0') + "end"));
  struct stat found {};
  REQUIRE(::stat(image().c_str(), &found) == 0);
  CHECK(found.st_size == (64 << 20) + 512);
  CHECK(found.st_blocks * 512 < 1 << 20);
}

TEST_CASE_METHOD(Templates, "refuses an image without bytes", "[mgmt.vm.CreateTemplate]") {
  const std::string before = state();
  check_refused(make(""), 1, "mgmt.vm.CreateTemplate", "empty");
  Program closed = shell_program({"mgmt.vm.CreateTemplate", "deb"});
  closed.in = Stream::closed;
  const Result result = run(closed);
  CHECK(result.status != 0);
  CHECK(is_one_line(result.err));
  CHECK(state() == before);
}

TEST_CASE_METHOD(Templates, "refuses an image that was cut off", "[mgmt.vm.CreateTemplate]") {
  const ScratchRoot folder;
  const fs::path file = folder.at("/ext4.img");
  make_ext4(file);
  const std::string before = state();
  for (const std::uintmax_t size : {(8U << 20) - 512, 4U << 20, 4096U}) {
    fs::resize_file(file, size);
    Program program = shell_program({"mgmt.vm.CreateTemplate", "deb"});
    program.input_file = file;
    check_refused(run(program), 1, "mgmt.vm.CreateTemplate", "ext4 file system");
  }
  CHECK(state() == before);
  make_ext4(file);
  Program program = shell_program({"mgmt.vm.CreateTemplate", "deb"});
  program.input_file = file;
  check_done(run(program));
}

TEST_CASE_METHOD(TwoVms, "refuses what makes no template", "[mgmt.vm.CreateTemplate]") {
  const std::string before = state();
  const std::string name = "mgmt.vm.CreateTemplate";
  check_refused(shell({name, "work"}, "x"), 1, name, "'work' exists already");
  check_refused(shell({name}, "x"), 2, name);
  check_refused(shell({name, "new", "more"}, "x"), 2, name, "'more'");
  CHECK(call({.method = name, .target = "work", .argument = "new", .payload = "x"}).status == 2);
  CHECK(state() == before);
}

TEST_CASE_METHOD(Templates, "what a dead creation left goes with the next",
                 "[mgmt.vm.CreateTemplate]") {
  Program slow = shell_program({"mgmt.vm.CreateTemplate", "deb"});
  slow.input_file = "/dev/zero";  // never ends
  slow.deadline = std::chrono::milliseconds{500};
  CHECK(run(slow).status == 137);
  CHECK(query("SELECT name FROM intent").size() == 1);
  check_done(make(some_image(512)));
  CHECK(query("SELECT name FROM intent").empty());
  CHECK(files() == std::vector<std::string>{"/var/lib/qubes/vm-templates/deb/private.img",
                                            "/var/lib/qubes/vm-templates/deb/root.img"});
}

TEST_CASE_METHOD(TwoVms, "a name is not given away while a creation goes on",
                 "[mgmt.vm.CreateTemplate]") {
  const fs::path fifo = root.path() / "image";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  // Opened for both, or each end would wait for the other.
  Descriptor image{::open(fifo.c_str(), O_RDWR | O_CLOEXEC)};
  Program slow = shell_program({"mgmt.vm.CreateTemplate", "late"});
  slow.input_file = fifo;
  Running creation{slow};
  REQUIRE(eventually([&] { return query("SELECT name FROM intent").size() == 1; }));
  check_refused(shell({"mgmt.vm.property.Set", "work", "name", "late"}), 1,
                "mgmt.vm.property.Set: work", "another call is making");

  const bool taken = GENERATE(false, true);
  if (taken) execute("UPDATE vm SET name = 'late' WHERE name = 'work'");
  write_all(image.number(), some_image(512));
  image.reset();
  const Result result = creation.wait();
  if (taken)
    check_refused(result, 1, "mgmt.vm.CreateTemplate", "'late' exists already");
  else
    check_done(result);
  CHECK(query("SELECT name FROM intent").empty());
  fs::remove(fifo);
  CHECK(files().size() == (taken ? 3 : 5));
}

TEST_CASE_METHOD(TwoVms, "what a dead creation left stands in no VM's way",
                 "[mgmt.vm.CreateTemplate]") {
  Program slow = shell_program({"mgmt.vm.CreateTemplate", "late"});
  slow.input_file = "/dev/zero";
  slow.deadline = std::chrono::milliseconds{1000};
  CHECK(run(slow).status == 137);
  CHECK(query("SELECT name FROM intent").size() == 1);
  check_done(shell({"mgmt.vm.property.Set", "work", "name", "late"}));
  check_done(shell({"mgmt.vm.Create.AppVM", "deb", "name=work", "label=red"}));
  CHECK(query("SELECT name FROM intent").empty());
}
