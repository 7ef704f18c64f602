// SPDX-License-Identifier: GPL-2.0-or-later
// Runs in the lab's Linux guest where it lends block devices to others: does what dom0's hotplug
// script does there, and takes away what the kernel's back end has closed.
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cstdio>
#include <exception>
#include <set>

#include "xenbus.h"

namespace {

constexpr const char* kBackends = "backend/vbd";
constexpr const char* kClosed = "6";

class DiskServer {
 public:
  // What was asked for before this program ran would be reported by no watch of its own.
  [[noreturn]] void serve() {
    bus_.watch("backend");
    for (;;) {
      look();
      bus_.wait();
    }
  }

 private:
  std::string get(const std::string& key) { return bus_.read(key).value_or(""); }

  void look() {
    for (const std::string& domain : bus_.list(kBackends))
      for (const std::string& number : bus_.list(kBackends + ("/" + domain)))
        mind(std::string(kBackends) + "/" + domain + "/" + number);
  }

  void mind(const std::string& disk) {
    const std::string state = get(disk + "/state");
    if (state == kClosed && get(disk + "/online") == "0") {
      bus_.remove(disk);
      served_.erase(disk);
    } else if ((state == "2" || state == "4") && !served_.contains(disk)) {
      connect(disk, get(disk + "/params"));
      served_.insert(disk);
    }
  }

  void connect(const std::string& disk, const std::string& device) {
    struct stat status {};
    if (stat(device.c_str(), &status) != 0 || !S_ISBLK(status.st_mode)) {
      bus_.write(disk + "/hotplug-error", device + " is no block device");
      bus_.write(disk + "/hotplug-status", "error");
      return;
    }
    char number[32];
    snprintf(number, sizeof number, "%x:%x", major(status.st_rdev), minor(status.st_rdev));
    bus_.write(disk + "/physical-device-path", device);
    bus_.write(disk + "/physical-device", number);
    bus_.write(disk + "/hotplug-status", "connected");
  }

  lab::Xenbus bus_;
  std::set<std::string> served_;
};

}  // namespace

int main() try { DiskServer().serve(); } catch (const std::exception& e) {
  fprintf(stderr, "disk-server: %s\n", e.what());
  return 1;
}
