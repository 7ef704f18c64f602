// SPDX-License-Identifier: GPL-2.0-or-later
// What VMs say of themselves: a guest may write any bytes, and gets what it may ask for.
#include <set>

#include "base/fault.h"
#include "doors/doors_world.h"
#include "guest/guest_keys.h"
#include "ops/guest_reports.h"
#include "store/open.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;
using namespace std::string_literals;

namespace {

/// A Xen in which the VMs of these uuids run.
struct RunningDomains : Domains {
  std::vector<Domain> list() const override { return {}; }
  std::optional<Domain> find(const Uuid& uuid) const override {
    if (running.count(uuid.text()) == 0) return std::nullopt;
    return Domain{7, uuid, DomainState::running, EndReason::none, 1, 1, 1};
  }
  bool wait_for_end(std::chrono::milliseconds /*time*/) override { return false; }

  std::set<std::string> running;
};

struct FalseOutside : Outside {
  Domains* domains() override { return &xen; }
  Hypervisor& hypervisor() override { throw Fault{FaultKind::no_xen, "none here"}; }
  Attachments& attachments() override { throw Fault{FaultKind::no_xen, "none here"}; }
  GuestStore& guest_store() override { return guest; }
  std::unique_ptr<PoolDriver> open_pool(const Pool& /*pool*/) override { return nullptr; }
  Progress& progress() override { throw Fault{FaultKind::internal, "nobody looks"}; }
  std::string program(std::string_view /*name*/) const override { return ""; }

  RunningDomains xen;
  GuestKeys guest;
};

std::string no_pool(const Root& /*root*/) { return "file"; }

/// A StandaloneVM `alone`, qid 3, that runs, beside those of TwoVms.
struct Guests : TwoVms {
  Guests() {
    check_done(shell({"mgmt.vm.Create.StandaloneVM", "name=alone", "label=red"}));
    run("alone");
  }

  void run(const std::string& vm) {
    outside.xen.running.insert(query("SELECT uuid FROM vm WHERE name = '" + vm + "'").front());
  }

  /// Has the VM make the call; gives the word for the refusal, or nothing.
  template <class Op>
  std::string as(const std::string& vm, Op op) {
    const Root file_root{root.path()};
    const auto opened = open_store(file_root, StoreAccess::write, no_pool);
    Context context{opened, file_root, outside, {vm, "qubes.Test", "dom0", ""}, Rehearsal::no};
    try {
      op(context);
      return "";
    } catch (const Fault& fault) {
      CHECK(is_one_line(std::string{fault.what()} + "\n"));
      return std::string{word(fault.kind())};
    }
  }

  std::string request(const std::string& vm = "alone") { return as(vm, take_features_request); }

  std::string notify(const std::string& vm, const std::string& count) {
    return as(vm, [&](Context& context) {
      context.begin();
      take_updates_notice(context, PendingUpdates::parse(count));
      context.commit();
    });
  }

  void ask_for(const std::string& feature, const std::string& value) {
    outside.guest.keys["/features-request/" + feature] = value;
  }

  std::vector<std::string> features(const std::string& vm = "alone") const {
    return query(
        "SELECT vm_feature.name || '=' || value FROM vm_feature JOIN vm ON qid = vm "
        "WHERE vm.name = '" +
        vm + "' ORDER BY vm_feature.name");
  }

  FalseOutside outside;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE_METHOD(Guests, "gets the features that it may ask for", "[guest-reports]") {
  ask_for("qrexec", "1");
  ask_for("gui", "0");
  ask_for("os", "Linux");
  ask_for("os-version", "12");
  ask_for("vmexec", "yes");
  ask_for("internal", "1");
  ask_for("servicevm", "1");
  ask_for("supported-service.clock", "1");
  CHECK(request() == "");
  CHECK(features() ==
        Lines{"gui=", "os=Linux", "os-version=12", "qrexec=1", "supported-service.clock=1"});
  CHECK(events().back() ==
        "alone domain-feature-set:supported-service.clock "
        "feature=supported-service.clock value=1");
}

TEST_CASE_METHOD(Guests, "what somebody has set is not undone by the VM", "[guest-reports]") {
  execute(
      "INSERT INTO vm_feature (vm, name, value, position) VALUES (3, 'gui', '', 1), "
      "(3, 'supported-rpc.old', '1', 2), (3, 'service.x', '1', 3)");
  ask_for("gui", "1");
  CHECK(request() == "");
  CHECK(features() == Lines{"gui=", "service.x=1", "supported-rpc.old=1"});
  ask_for("supported-rpc.new", "1");
  CHECK(request() == "");
  CHECK(features() == Lines{"gui=", "service.x=1", "supported-rpc.new=1"});
}

TEST_CASE_METHOD(Guests, "a VM with a template gets none", "[guest-reports]") {
  run("work");
  ask_for("qrexec", "1");
  const std::string before = state();
  CHECK(request("work") == "");
  CHECK(state() == before);
}

TEST_CASE_METHOD(Guests, "hostile keys are refused as a whole", "[guest-reports]") {
  ask_for("qrexec", "1");
  const std::string before = state();
  for (const std::string& value :
       {"1\n"s, "1\0"s, "\xff"s, "../x"s, "%s"s, std::string(257, 'a')}) {
    ask_for("os-version", value);
    CHECK(request() == "malformed");
  }
  ask_for("os-version", "1");
  for (const std::string& name : {"a b"s, "a@b"s, "\xff"s, std::string(129, 'a')}) {
    ask_for(name, "1");
    CHECK(request() == "malformed");
    outside.guest.keys.erase("/features-request/" + name);
  }
  for (int i = 0; i < 1'000; ++i) ask_for("f" + std::to_string(i), "1");
  CHECK(request() == "malformed");
  CHECK(state() == before);
}

TEST_CASE_METHOD(Guests, "who does not run, or is no VM, is refused", "[guest-reports]") {
  CHECK(request("deb") == "not-running");
  CHECK(request("nobody") == "no-such-vm");
  CHECK(request("dom0") == "malformed");
  CHECK(request("a b") == "bad-value");
}

TEST_CASE_METHOD(Guests, "tools of Windows make it usable", "[guest-reports]") {
  outside.guest.keys = {{"/qubes-tools/os", "Windows"},
                        {"/qubes-tools/qrexec", "1"},
                        {"/qubes-tools/default-user", "a\nb"}};
  CHECK(as("alone", take_tools_report) == "");
  CHECK(features() == Lines{"audio-model=ich6", "no-monitor-layout=1", "os=Windows", "qrexec=1",
                            "rpc-clipboard=1", "stubdom-qrexec=1", "timezone=localtime"});
  CHECK(query("SELECT name || '=' || value FROM vm_property WHERE vm = 3 ORDER BY name") ==
        Lines{"maxmem=0", "qrexec_timeout=6000"});
}

TEST_CASE_METHOD(Guests, "updates are noted for who can install them", "[guest-reports]") {
  const auto flag = [&](const std::string& vm) {
    return query(
        "SELECT value FROM vm_feature JOIN vm ON qid = vm WHERE vm_feature.name = "
        "'updates-available' AND vm.name = '" +
        vm + "'");
  };
  CHECK(notify("alone", " 3\n") == "");
  CHECK(flag("alone") == Lines{"1"});
  CHECK(notify("alone", "000") == "");
  CHECK(flag("alone") == Lines{""});
  CHECK(features().front().starts_with("last-update="));
  CHECK(notify("work", "0") == "");
  CHECK(flag("deb").empty());
  CHECK(notify("work", "99999999999999999999999") == "");
  CHECK(flag("deb") == Lines{"1"});
  CHECK(flag("work").empty());
}

TEST_CASE_METHOD(Guests, "a template that runs speaks for itself", "[guest-reports]") {
  run("deb");
  CHECK(notify("work", "3") == "");
  CHECK(features("deb").empty());
  for (const std::string count : {"", "-1", "1.0", "0x1", "1 2", "one", "\xd9\xa3"})
    CHECK(notify("alone", count) == "malformed");
}

TEST_CASE_METHOD(DoorsWorld, "without Xen a VM's keys cannot be read", "[guest-reports]") {
  if (std::filesystem::exists("/dev/xen/privcmd")) return;
  const Result result =
      daemon.call({.source = "work", .target = "dom0", .service = "qubes.FeaturesRequest"});
  CHECK(result.out.starts_with("2\0QubesException\0\0%s\0this machine runs no Xen"s));
  CHECK(daemon.call({.source = "deb", .service = "qubes.NotifyUpdates", .input = "1\n"}).out ==
        "0\0"s);
  CHECK(query("SELECT value FROM vm_feature WHERE name = 'updates-available'") ==
        std::vector{"1"s});
}
