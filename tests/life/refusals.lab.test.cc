// SPDX-License-Identifier: GPL-2.0-or-later

// What is refused, by which words, and that nothing is left of it.

#include <filesystem>

#include "base/text.h"
#include "life_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using Catch::Contains;

namespace fs = std::filesystem;

namespace {

// A second kernel, which can be taken away again.
struct OwnKernel {
  OwnKernel() {
    fs::create_directory(folder);
    fs::copy(folder.parent_path() / "test-guest-pv/vmlinuz", folder / "vmlinuz");
  }
  ~OwnKernel() { fs::remove_all(folder); }
  const fs::path folder = "/var/lib/qubes/vm-kernels/own";
};

}  // namespace

TEST_CASE_METHOD(LifeWorld, "a start of a running VM changes nothing", "[refusals]") {
  make_vm("work");
  const DomainId domain = start("work");
  const bool is_paused = GENERATE(false, true);
  if (is_paused) done("Pause", {"work"});
  done("Start", {"work"});
  check_state("work", is_paused ? "Paused" : "Running");
  CHECK(domain_of("work").value().id == domain);
  CHECK(number_of_domains() == 1);
}

TEST_CASE_METHOD(LifeWorld, "what a halted VM refuses", "[refusals]") {
  make_vm("work");
  const std::string call = GENERATE("Shutdown", "Kill", "Pause");
  CHECK_THAT(refused(1, call, {"work"}), Contains("'work' is not running: it is halted"));
  CHECK_THAT(refused(1, "Unpause", {"work"}), Contains("'work' is not paused: it is halted"));
  check_state("work", "Halted");
  CHECK(left_running() == kNothing);
}

TEST_CASE_METHOD(LifeWorld, "what a running VM refuses", "[refusals]") {
  make_vm("work");
  const DomainId domain = start("work");
  CHECK_THAT(refused(1, "Unpause", {"work"}), Contains("'work' is not paused: it is running"));
  CHECK_THAT(refused(1, "Remove", {"work"}), Contains("while 'work' is Running"));
  CHECK_THAT(refused(1, "property.Set", {"work", "name", "job"}), Contains("work"));
  CHECK_THAT(refused(1, "Remove", {"tiny"}), Contains("in use as: template of work"));
  check_state("work", "Running");
  CHECK(domain_of("work").value().id == domain);
  CHECK(image_files().size() >= 5);
  done("Pause", {"work"});
  CHECK_THAT(refused(1, "Shutdown", {"work", "wait"}), Contains("is paused"));
  CHECK_THAT(refused(1, "Remove", {"work"}), Contains("while 'work' is Paused"));
  check_state("work", "Paused");
  done("Shutdown", {"work", "force"});
  check_state("work", "Halted");
}

TEST_CASE_METHOD(LifeWorld, "VMs that are not there", "[refusals]") {
  const std::string call =
      GENERATE("Start", "Shutdown", "Kill", "Pause", "Unpause", "Remove", "CurrentState");
  CHECK_THAT(refused(3, call, {"nobody"}), Contains("no VM is called 'nobody'"));
}

TEST_CASE_METHOD(LifeWorld, "too little memory", "[refusals]") {
  make_vm("work", GENERATE("pv", "pvh"), {{"memory", "100000"}});
  const auto files = image_files();
  const std::string words = refused(1, "Start", {"work"});
  CHECK_THAT(words, Contains("it needs 100") && Contains(" MiB are free"));
  check_state("work", "Halted");
  CHECK(left_running() == kNothing);
  CHECK(image_files() == files);
  done("property.Set", {"work", "memory", "40"});
  start("work");
}

TEST_CASE_METHOD(LifeWorld, "a kernel that was removed", "[refusals]") {
  OwnKernel kernel;
  make_vm("work", "pv", {{"kernel", "own"}});
  start("work");
  done("Kill", {"work"});
  const auto files = image_files();
  fs::remove_all(kernel.folder);
  CHECK_THAT(refused(1, "Start", {"work"}), Contains("kernel 'own' is not installed"));
  check_state("work", "Halted");
  CHECK(left_running() == kNothing);
  CHECK(image_files() == files);
  done("property.Set", {"work", "kernel", "test-guest-pv"});
  start("work");
}

TEST_CASE_METHOD(LifeWorld, "a template whose image is gone", "[refusals]") {
  make_vm("work");
  const fs::path image = "/var/lib/qubes/vm-templates/tiny/root.img";
  fs::rename(image, "/var/lib/qubes/aside.img");
  const auto files = image_files();
  CHECK_THAT(refused(1, "Start", {"work"}), Contains("vm-templates/tiny/root"));
  check_state("work", "Halted");
  CHECK(left_running() == kNothing);
  CHECK(image_files() == files);
  fs::rename("/var/lib/qubes/aside.img", image);
  start("work");
}

TEST_CASE_METHOD(LifeWorld, "a VM that was renamed", "[refusals]") {
  make_vm("work");
  const Uuid uuid = uuid_of("work");
  const auto files = image_files();
  done("property.Set", {"work", "name", "job"});
  CHECK(listed("work") == "is not listed");
  check_state("job", "Halted");
  CHECK(image_files() == files);
  const DomainId domain = start("job");
  CHECK(uuid_of("job") == uuid);
  CHECK(keys->read(domain, "/name") == "job");
  CHECK(fs::exists("/var/lib/qubes/appvms/work/root-dirty.img"));
  CHECK_FALSE(fs::exists("/var/lib/qubes/appvms/job"));
  CHECK_THAT(refused(3, "Start", {"work"}), Contains("no VM is called 'work'"));

  // The old name is free again, its volumes' names are not.
  make_vm("work");
  start("work");
  CHECK(number_of_domains() == 2);
  CHECK(fs::exists("/var/lib/qubes/appvms/work-2/private.img"));
  done("Kill", {"job"});
  done("Remove", {"job"});
  CHECK_FALSE(fs::exists("/var/lib/qubes/appvms/work"));
  check_state("work", "Running");
}
