// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/world.h"

using namespace qubes::mgmt::test;
using namespace std::string_literals;

namespace {

using Texts = std::vector<std::string>;

constexpr const char* kRows =
    "SELECT name || ' ' || class || ' ' || label || ' ' || coalesce(template, '-') FROM vm "
    "WHERE qid > 2 ORDER BY qid";

}  // namespace

TEST_CASE_METHOD(TwoVms, "makes a VM of each class", "[mgmt.vm.Create]") {
  check_done(shell({"mgmt.vm.Create.StandaloneVM", "name=alone label=blue"}));
  check_done(shell({"mgmt.vm.Create.TemplateVM", "name=more", "label=black"}));
  check_done(call(
      {.method = "mgmt.vm.Create.AppVM", .argument = "deb", .payload = "label=green name=app"}));
  check_done(shell({"mgmt.vm.property.Set", "work", "template_for_dispvms", "True"}));
  check_done(shell({"mgmt.vm.Create.DispVM", "work", "name=disp1", "label=red"}));
  CHECK(query(kRows) == Texts{"alone StandaloneVM 6 -", "more TemplateVM 8 -", "app AppVM 4 1",
                              "disp1 DispVM 1 2"});
  check_done(shell({"mgmt.vm.Create.RemoteVM", "name=far", "label=red"}));
  CHECK(query("SELECT count(*) FROM volume JOIN vm ON vm = qid WHERE vm.name = 'far'") ==
        Texts{"0"});
  check_refused(shell({"mgmt.vm.Create.RemoteVM", "deb", "name=x", "label=red"}), 2,
                "mgmt.vm.Create.RemoteVM", "not based on a template");
}

TEST_CASE_METHOD(TwoVms, "each disposable has a number of its own", "[mgmt.vm.Create]") {
  check_done(shell({"mgmt.vm.property.Set", "work", "template_for_dispvms", "True"}));
  for (const std::string name : {"disp1", "disp2", "disp3"})
    check_done(shell({"mgmt.vm.Create.DispVM", "work", "name=" + name, "label=red"}));
  CHECK(query("SELECT count(DISTINCT value) FROM vm_property WHERE name = 'dispid' "
              "AND CAST(value AS INTEGER) BETWEEN 1 AND 9999") == Texts{"3"});
}

TEST_CASE_METHOD(TwoVms, "new VMs look for updates unless told not to", "[mgmt.vm.Create]") {
  check_done(shell({"mgmt.property.Set", "check_updates_vm", "no"}));
  check_done(shell({"mgmt.vm.Create.AppVM", "deb", "name=new", "label=red"}));
  check_done(shell({"mgmt.vm.feature.Get", "new", "check-updates"}), "");
  check_refused(shell({"mgmt.vm.feature.Get", "work", "check-updates"}), 1,
                "mgmt.vm.feature.Get: work");
}

TEST_CASE_METHOD(TwoVms, "the earlier form has the class in the argument", "[mgmt.vm.Create]") {
  check_done(call({.method = "mgmt1.vm.Create",
                   .target = "deb",
                   .argument = "AppVM",
                   .payload = "name=one label=red"}));
  check_done(call(
      {.method = "mgmt1.vm.Create", .argument = "StandaloneVM", .payload = "name=two label=red"}));
  CHECK(query(kRows) == Texts{"one AppVM 1 1", "two StandaloneVM 1 -"});
  CHECK(call({.method = "mgmt1.vm.Create", .argument = "NoVM", .payload = "name=x label=red"})
            .status == 2);
}

TEST_CASE_METHOD(TwoVms, "answers today's clients", "[mgmt.vm.Create]") {
  check_done(
      call({.method = "admin.vm.Create.AppVM", .argument = "deb", .payload = "name=new label=red"}),
      "0\0"s);
  const Result again =
      call({.method = "admin.vm.Create.AppVM", .argument = "deb", .payload = "name=new label=red"});
  CHECK(again.status == 0);
  CHECK(again.out ==
        shipped_fault("QubesVMAlreadyExistsError", "a VM called 'new' exists already"));
}

TEST_CASE_METHOD(TwoVms, "a new VM has its events, tags and files", "[mgmt.vm.Create]") {
  const std::size_t before = events().size();
  check_done(call({.method = "mgmt.vm.Create.AppVM",
                   .argument = "deb",
                   .payload = "name=new label=red",
                   .source = "work"}));
  const Texts all = events();
  CHECK(Texts(all.begin() + static_cast<std::ptrdiff_t>(before), all.end()) ==
        Texts{"- domain-add vm=new", "new domain-tag-add:created-by-work tag=created-by-work",
              "new domain-tag-add:guivm-dom0 tag=guivm-dom0",
              "new domain-tag-add:audiovm-dom0 tag=audiovm-dom0", "new domain-create-on-disk"});
  CHECK(query("SELECT tag FROM vm_tag WHERE vm = 3 ORDER BY tag") ==
        Texts{"audiovm-dom0", "created-by-work", "guivm-dom0"});
  CHECK(files() == Texts{"/var/lib/qubes/appvms/new/private.img",
                         "/var/lib/qubes/appvms/work/private.img",
                         "/var/lib/qubes/vm-templates/deb/private.img",
                         "/var/lib/qubes/vm-templates/deb/root.img"});
  CHECK(query("SELECT name || ' ' || size FROM volume WHERE vm = 3 ORDER BY id") ==
        Texts{"root 4096", "private 2147483648", "volatile 10737418240", "kernel 0"});
}

TEST_CASE_METHOD(TwoVms, "records who made what", "[mgmt.vm.Create]") {
  check_done(call({.method = "mgmt.vm.Create.AppVM",
                   .argument = "deb",
                   .payload = "name=new label=red",
                   .source = "work"}));
  CHECK(query("SELECT source || ' ' || call || ' ' || target || ' ' || argument FROM change "
              "ORDER BY seq DESC LIMIT 1") == Texts{"work mgmt.vm.Create.AppVM dom0 deb"});
  CHECK(query("SELECT col || ' ' || coalesce(old, 'NULL') || ' ' || new FROM change_row "
              "WHERE tbl = 'vm' AND key = '3' AND col IN ('name', 'label') ORDER BY col") ==
        Texts{"label NULL 1", "name NULL new"});
}

TEST_CASE_METHOD(TwoVms, "a number that is free again is given again", "[mgmt.vm.Create]") {
  check_done(shell({"mgmt.vm.Create.StandaloneVM", "name=three", "label=red"}));
  check_done(shell({"mgmt.vm.Remove", "work"}));
  check_done(shell({"mgmt.vm.Create.StandaloneVM", "name=two", "label=red"}));
  CHECK(query("SELECT name || qid FROM vm WHERE qid > 1 ORDER BY qid") == Texts{"two2", "three3"});
}

TEST_CASE_METHOD(TwoVms, "refuses options that are none", "[mgmt.vm.Create]") {
  const std::string before = state();
  for (const std::string payload : {"",
                                    "name=new",
                                    "label=red",
                                    "name=new label=red ",
                                    " name=new label=red",
                                    "name=new  label=red",
                                    "name=new label=red\n",
                                    "name=new name=new label=red",
                                    "name=new label=red label=red",
                                    "name=new label=red what=is",
                                    "new red",
                                    "name=new label=red pool=default",
                                    "name=new label=red pool:root=default",
                                    "name=new label=red template=deb",
                                    "name=n\xc3\xa9w label=red",
                                    "NAME=new label=red",
                                    "name=new label=",
                                    "name=new label=7",
                                    "name=new label=a/b",
                                    "name=new\nlabel=red"}) {
    const Result result = call({.method = "mgmt.vm.Create.StandaloneVM", .payload = payload});
    INFO(payload << ": " << result.err);
    CHECK((result.status == 2 || result.status == 1));
    CHECK(is_one_line(result.err));
  }
  CHECK(state() == before);
}

TEST_CASE_METHOD(TwoVms, "refuses what the store says no to", "[mgmt.vm.Create]") {
  const std::string before = state();
  const std::string app = "mgmt.vm.Create.AppVM";
  check_refused(shell({app, "deb", "name=work label=red"}), 1, app, "'work' exists already");
  check_refused(shell({app, "deb", "name=dom0 label=red"}), 1, app, "exists already");
  check_refused(shell({app, "dbe", "name=new label=red"}), 3, app, "did you mean 'deb'?");
  check_refused(shell({app, "work", "name=new label=red"}), 1, app, "class AppVM");
  check_refused(shell({app, "dom0", "name=new label=red"}), 1, app, "class AdminVM");
  check_refused(shell({app, "deb", "name=new label=rde"}), 1, app, "did you mean 'red'?");
  check_refused(shell({app, "name=new label=red"}), 1, app, "name a template");
  const std::string alone = "mgmt.vm.Create.StandaloneVM";
  check_refused(shell({alone, "deb", "name=new label=red"}), 2, alone, "template");
  const std::string disposable = "mgmt.vm.Create.DispVM";
  check_refused(shell({disposable, "work", "name=new label=red"}), 1, disposable,
                "template_for_dispvms");
  CHECK(call({.method = app, .target = "work", .argument = "deb", .payload = "name=new label=red"})
            .status == 2);
  CHECK(state() == before);
}
