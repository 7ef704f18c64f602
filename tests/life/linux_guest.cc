// SPDX-License-Identifier: GPL-2.0-or-later
#include "linux_guest.h"

#include "life_world.h"

namespace qubes::mgmt::test {

const char* const kLinuxImage = "/usr/share/qubes-mgmt-lab/linux-root.img";

void make_linux_vm(const std::string& name) {
  LifeWorld::done("CreateTemplate", {"linux"}, kLinuxImage);
  LifeWorld::done("Create.AppVM", {"linux", "name=" + name, "label=red"});
  for (const auto& [property, value] :
       Settings{{"virt_mode", "pv"}, {"kernel", "6.1"}, {"memory", "128"}, {"maxmem", "0"}})
    LifeWorld::done("property.Set", {name, property, value});
}

std::string in_guest(const std::string& name, const std::string& script) {
  return run(
      {"/usr/share/qubes-mgmt-lab/bin/lab-in-vm", "--timeout", "60", name, "sh", "-c", script});
}

std::string size_of(const std::string& file) {
  std::string size = run({"/usr/bin/stat", "-L", "-c", "%s", file});
  size.pop_back();
  return size;
}

}  // namespace qubes::mgmt::test
