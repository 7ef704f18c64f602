// SPDX-License-Identifier: GPL-2.0-or-later

// dom0's hardware, as far as others may have it, on a folder that looks like its /sys and /proc.

#include "hypervisor/host_devices.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "support/scratch_root.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

namespace fs = std::filesystem;

struct Machine {
  Machine() {
    put("/proc/self/mountinfo", "22 1 8:2 / / rw - ext4 /dev/sda2 rw\n");
    put("/proc/swaps", "Filename Type Size\n/dev/sdb1 partition 1024 0 -2\n");
  }

  void put(const fs::path& file, const std::string& text) const {
    fs::create_directories(root.at(file).parent_path());
    std::ofstream{root.at(file)} << text << '\n';
  }

  /// At this place below /sys/devices, with a link to it as the kernel makes one.
  void pci(const std::string& place, const std::string& ids, const std::string& code) const {
    const fs::path folder = fs::path{"/sys/devices"} / place;
    put(folder / "class", code);
    put(folder / "vendor", ids.substr(0, 6));
    put(folder / "device", ids.substr(7));
    fs::create_directories(root.at("/sys/bus/pci/devices"));
    fs::create_directory_symlink(root.at(folder),
                                 root.at("/sys/bus/pci/devices") / folder.filename());
  }

  void disk(const std::string& name, const std::string& number, const std::string& size = "16",
            const std::string& read_only = "0") const {
    const fs::path folder = fs::path{"/sys/block"} / name;
    put(folder / "dev", number);
    put(folder / "size", size);
    put(folder / "ro", read_only);
    if (name.find('/') != std::string::npos) put(folder / "partition", "1");
  }

  HostFolders folders() const { return {root.at("/sys"), root.at("/proc")}; }

  std::vector<std::string> disks(const std::vector<fs::path>& hidden = {}) const {
    std::vector<std::string> ports;
    for (const Device& device : host_block_devices(folders(), hidden)) ports.push_back(device.port);
    return ports;
  }

  ScratchRoot root;
};

using Ports = std::vector<std::string>;

}  // namespace

TEST_CASE_METHOD(Machine, "a PCI device has the way to it for its port", "[host]") {
  pci("pci0000:00/0000:00:1d.0", "0x8086 0xa0b0", "0x060400");
  pci("pci0000:00/0000:00:1d.0/0000:03:00.0", "0x144d 0xa808", "0x010802");
  pci("pci0001:c0/0001:c0:02.1", "0x10ec 0x8139", "0x020000");
  const auto devices = host_pci_devices(folders());
  REQUIRE(devices.size() == 3);
  CHECK(devices[0].port == "0001_c0_02.1");
  CHECK(devices[1].port == "00_1d.0");
  CHECK(devices[2].port == "00_1d.0-00_00.0");
  CHECK(devices[2].identity == "0x144d:0xa808::p010802");
  CHECK(devices[2].interfaces == "p010802");
  CHECK(pci_address(folders(), "00_1d.0-00_00.0") == "0000:03:00.0");
  CHECK(pci_port(folders(), "0000:03:00.0") == "00_1d.0-00_00.0");
  CHECK_FALSE(pci_address(folders(), "00_1d.1"));
  CHECK_FALSE(pci_port(folders(), "0000:04:00.0"));
  CHECK_FALSE(pci_port(folders(), "../../../etc"));
  CHECK(pci_driver(folders(), "0000:03:00.0").empty());
}

TEST_CASE_METHOD(Machine, "a machine without such hardware has none", "[host]") {
  CHECK(host_pci_devices(folders()).empty());
  CHECK(disks().empty());
}

TEST_CASE_METHOD(Machine, "disks of dom0 that dom0 uses are not offered", "[host]") {
  disk("sda", "8:0");
  disk("sda/sda1", "8:1");
  disk("sda/sda2", "8:2");  // mounted
  disk("sdb", "8:16");
  disk("sdb/sdb1", "8:17");  // swap
  disk("sdc", "8:32");
  disk("sdc/sdc1", "8:33");
  disk("sdd", "8:48");
  put("/sys/block/sdd/holders/dm-0", "");
  disk("sde", "8:64", "0");  // nothing in the drive
  disk("ram0", "1:0");
  CHECK(disks() == Ports{"sda1", "sdc", "sdc1"});
}

TEST_CASE_METHOD(Machine, "files of VMs are not offered as disks", "[host]") {
  disk("loop0", "7:0");
  put("/sys/block/loop0/loop/backing_file", "/home/user/image.iso");
  disk("loop1", "7:1");
  put("/sys/block/loop1/loop/backing_file", "/var/lib/qubes/appvms/work/private.img");
  disk("loop2", "7:2");
  put("/sys/block/loop2/loop/backing_file", "/var/lib/qubes-not/x.img");
  disk("loop3", "7:3");  // of no file
  disk("dm-0", "253:0");
  put("/sys/block/dm-0/dm/uuid", "LVM-abc");
  disk("dm-1", "253:1");
  put("/sys/block/dm-1/dm/uuid", "CRYPT-LUKS2-abc");
  CHECK(disks({"/var/lib/qubes"}) == Ports{"dm-1", "loop0", "loop2"});
}

TEST_CASE_METHOD(Machine, "a disk of dom0 says what it is", "[host]") {
  disk("sdc", "8:32", "2048", "1");
  disk("sdc/sdc1", "8:33", "1024");
  put("/sys/block/sdc/device/model", "QEMU 'HARD=");
  const auto devices = host_block_devices(folders(), {});
  REQUIRE(devices.size() == 2);
  CHECK(devices[0].identity == ":0");
  CHECK(devices[0].name == "QEMU _HARD_");
  CHECK(devices[0].block.value().size == 1048576);
  CHECK_FALSE(devices[0].block.value().writable);
  CHECK(devices[1].identity == ":0:1");
  CHECK(devices[1].parent.value().port == "sdc");
  CHECK(devices[1].block.value().writable);
}
