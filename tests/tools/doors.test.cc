// SPDX-License-Identifier: GPL-2.0-or-later
// What holds for every call: streams, words, names, payloads, rehearsals, many at once.
#include <nlohmann/json.hpp>

#include "tools/world.h"

using namespace qubes::mgmt::test;
using namespace std::string_literals;

namespace {

using Words = std::vector<std::string>;

const std::vector<Words> kWrites{{"mgmt.vm.property.Set", "work", "label", "blue"},
                                 {"mgmt.vm.property.Reset", "work", "memory"},
                                 {"mgmt.vm.Create.AppVM", "deb", "name=new", "label=red"},
                                 {"mgmt.vm.CreateTemplate", "new"},
                                 {"mgmt.vm.Remove", "work"}};

}  // namespace

TEST_CASE_METHOD(TwoVms, "a rehearsal prints and changes nothing", "[doors]") {
  for (Words words : kWrites) {
    const std::string before = state();
    words.emplace_back("--dry-run");
    const Result result = shell(words, some_image(512));
    INFO(words[0] << result.out << result.err);
    CHECK(result.status == 0);
    CHECK(result.err == "");
    CHECK((result.out.starts_with("would ") || result.out == "nothing would change\n"));
    CHECK(state() == before);
  }
  check_done(shell({"mgmt.vm.property.Set", "work", "label", "blue", "--dry-run"}),
             "would change vm 2 label: '1' -> '6'\n");
  check_refused(shell({"mgmt.vm.Remove", "deb", "--dry-run"}), 1, "mgmt.vm.Remove: deb");
}

TEST_CASE_METHOD(TwoVms, "answers in JSON parse", "[doors]") {
  const auto parsed = [&](Words words) {
    words.emplace_back("--json");
    const Result result = shell(words);
    CHECK(result.status == 0);
    return nlohmann::json::parse(result.out);
  };
  const auto list = parsed({"mgmt.vm.List"});
  CHECK(list.size() == 3);
  CHECK(list[2]["name"] == "work");
  CHECK(list[2]["uuid"].get<std::string>().size() == 36);
  CHECK(parsed({"mgmt.vm.property.Get", "work", "vcpus"})["value"] == 2);
  CHECK(parsed({"mgmt.vm.property.Get", "work", "autostart"})["value"] == false);
  CHECK(parsed({"mgmt.vm.property.Get", "work", "netvm"})["value"] == nullptr);
  CHECK(parsed({"mgmt.vm.property.List", "work"}).back() == "template");
  CHECK(parsed({"mgmt.vm.CurrentState", "work"})["power_state"] == "Halted");
  CHECK(parsed({"mgmt.vm.property.Help", "work", "label"}).is_string());
  CHECK(parsed({"mgmt.vm.property.Set", "work", "vcpus", "1"}) == nullptr);
}

TEST_CASE_METHOD(TwoVms, "survives standard streams that are closed", "[doors]") {
  Program set = shell_program({"mgmt.vm.property.Set", "work", "memory", "800"});
  set.in = set.out = set.err = Stream::closed;
  CHECK(run(set).status == 0);
  CHECK(query("SELECT value FROM vm_property") == Words{"800"});
  CHECK(query("PRAGMA integrity_check") == Words{"ok"});
  Program list = shell_program({"mgmt.vm.List"});
  list.out = list.err = Stream::closed;
  CHECK(run(list).status < 128);
  CHECK(query("PRAGMA integrity_check") == Words{"ok"});
  Program refused = shell_program({"mgmt.vm.List", "nobody"});
  refused.err = Stream::closed;
  CHECK(run(refused).status == 3);
}

TEST_CASE_METHOD(TwoVms, "an answer that cannot be written is an error", "[doors]") {
  Program list = shell_program({"mgmt.vm.List"});
  list.out = Stream::full;
  const Result full = run(list);
  CHECK(full.status == 74);
  CHECK(is_one_line(full.err));
  list.out = Stream::broken;
  CHECK(run(list).status != 0);
}

TEST_CASE_METHOD(TwoVms, "a refusal that cannot be written ends in order", "[doors]") {
  Program refused = qrexec_program(
      {.method = "mgmt.vm.property.Get", .target = "work", .argument = "unheard_of"});
  refused.out = Stream::full;
  CHECK(run(refused).status == 74);
  Program rehearsal = shell_program({"mgmt.vm.property.Set", "--dry-run", "work", "memory", "800"});
  rehearsal.out = Stream::full;
  CHECK(run(rehearsal).status == 74);
}

TEST_CASE_METHOD(TwoVms, "an unreadable name of a call is not repeated", "[doors]") {
  Program odd = qrexec_program({.method = "mgmt.vm.List", .target = "dom0"});
  odd.environment["QREXEC_SERVICE_FULL_NAME"] = "mgmt.vm.List\x1b[2J\n\xff";
  const Result result = run(odd);
  CHECK(result.status == 2);
  CHECK(is_one_line(result.err));
}

TEST_CASE_METHOD(TwoVms, "refuses words that are too many or too long", "[doors]") {
  const std::string before = state();
  Words many{"mgmt.vm.property.Get", "work", "label"};
  many.resize(50'000, "x");
  CHECK(shell(many).status == 2);
  const Result longest = shell({"mgmt.vm.property.Get", "work", std::string(100'000, 'x')});
  CHECK(longest.status == 1);
  CHECK(longest.err.size() < 500);
  CHECK(is_one_line(longest.err));
  CHECK(shell({"mgmt.vm.property.Set", "work", "kernelopts", std::string(100'000, 'x')}).status !=
        0);
  CHECK(state() == before);
}

TEST_CASE_METHOD(TwoVms, "takes payloads up to 64 KiB", "[doors]") {
  const auto set = [&](std::size_t size) {
    return call({.method = "mgmt.vm.property.Set",
                 .target = "work",
                 .argument = "default_user",
                 .payload = std::string(size, 'x')});
  };
  CHECK(set(65'537).status == 2);
  CHECK(set(1'000'000).status == 2);
  CHECK(query("SELECT 1 FROM vm_property").empty());
  CHECK(set(65'536).status != 2);
}

TEST_CASE_METHOD(TwoVms, "an unknown option is refused", "[doors]") {
  const std::string before = state();
  for (const std::string option : {"--no-such", "-x", "--dryrun", "--json=maybe"})
    check_refused(shell({"mgmt.vm.property.Set", "work", "label", "blue", option}), 2,
                  "mgmt.vm.property.Set");
  check_refused(shell({"mgmt.vm.List", "--dry-run"}), 2, "mgmt.vm.List");
  CHECK(state() == before);
}

TEST_CASE_METHOD(TwoVms, "help and version need no store", "[doors]") {
  const World empty;
  CHECK(empty.shell({"mgmt.vm.Remove", "--help"}).out.starts_with("Usage: mgmt.vm.Remove"));
  CHECK(empty.shell({"mgmt.vm.Remove", "--version"}).out.starts_with("mgmt.vm.Remove "));
  CHECK_FALSE(std::filesystem::exists(empty.store()));
}

TEST_CASE_METHOD(TwoVms, "qrexec's argument is no option", "[doors]") {
  for (const std::string argument : {"--help", "--version", "--json", "-h"}) {
    const Result result =
        call({.method = "mgmt.vm.property.Get", .target = "work", .argument = argument});
    CHECK(result.status == 1);
    CHECK(result.out.find("Usage") == std::string::npos);
  }
}

TEST_CASE_METHOD(TwoVms, "another call's name is refused", "[doors]") {
  Program program = qrexec_program({"mgmt.vm.List"});
  program.environment["QREXEC_SERVICE_FULL_NAME"] = "mgmt.vm.Remove+";
  CHECK(run(program).status == 2);
  program.environment["QREXEC_SERVICE_FULL_NAME"] = "admin.vm.List+";
  CHECK(run(program).out.starts_with("0\0dom0 "s));
}

TEST_CASE_METHOD(TwoVms, "a target that is no VM does not become dom0", "[doors]") {
  Program program = qrexec_program({.method = "mgmt.vm.List", .source = "work"});
  for (const std::string keyword : {"default", "dispvm", "dispvm:work", ""}) {
    program.environment["QREXEC_REQUESTED_TARGET_KEYWORD"] = keyword;
    CHECK(run(program).status == 2);
  }
}

TEST_CASE_METHOD(World, "forty first calls at once make one store", "[doors]") {
  std::vector<Program> programs;
  for (int i = 0; i < 40; ++i)
    programs.push_back(i % 2 == 0 ? shell_program({"mgmt.vm.List"})
                                  : shell_program({"mgmt.vm.Create.StandaloneVM",
                                                   "name=vm" + std::to_string(i), "label=red"}));
  for (const Result& result : run_at_once(programs)) {
    INFO(result.err);
    CHECK(result.status == 0);
  }
  CHECK(query("SELECT count(*) || ' ' || count(DISTINCT name) || ' ' || max(qid) FROM vm") ==
        Words{"21 21 20"});
  CHECK(query("SELECT count(*) FROM label") == Words{"8"});
  CHECK(query("SELECT max(seq) - count(*) FROM event") == Words{"0"});
  CHECK(query("SELECT 1 FROM intent").empty());
  CHECK(files().size() == 40);
}

TEST_CASE_METHOD(TwoVms, "of many that make the same VM one does", "[doors]") {
  const std::vector<Program> programs(
      12, shell_program({"mgmt.vm.Create.AppVM", "deb", "name=one", "label=red"}));
  int done = 0;
  for (const Result& result : run_at_once(programs)) {
    INFO(result.err);
    CHECK((result.status == 0 || result.status == 1));
    done += result.status == 0 ? 1 : 0;
  }
  CHECK(done == 1);
  CHECK(query("SELECT 1 FROM vm WHERE name = 'one'").size() == 1);
  CHECK(query("SELECT 1 FROM intent").empty());
}
