// SPDX-License-Identifier: GPL-2.0-or-later
#include "life_world.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "base/file.h"
#include "base/process.h"
#include "base/text.h"

namespace qubes::mgmt::test {
namespace {

constexpr const char* kImage = "/tmp/tiny-root.img";

std::string tool(const std::string& call) {
  return LifeWorld::tools_folder() / ("mgmt.vm." + call);
}

void make_image() {
  const Descriptor image{::open(kImage, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
  write_all(image.number(), std::string(4096, 'r'));
  REQUIRE(::ftruncate(image.number(), 4 << 20) == 0);
}

std::vector<std::string> names_listed() {
  std::vector<std::string> names;
  for (const std::string& line : split(LifeWorld::done("List", {}), '\n'))
    if (!line.empty()) names.push_back(line.substr(0, line.find(' ')));
  return names;
}

}  // namespace

LifeWorld::LifeWorld() {
  REQUIRE(number_of_domains() == 0);
  make_image();
  done("CreateTemplate", {"tiny"}, kImage);
}

LifeWorld::~LifeWorld() {
  remove_all();
  CHECK(left_running() == kNothing);
  CHECK(image_files() == kNothing);
  CHECK(names_listed() == std::vector<std::string>{"dom0"});
}

Program LifeWorld::begin(const std::string& call, const std::vector<std::string>& words,
                         const std::string& input) {
  std::vector<std::string> all{tool(call)};
  all.insert(all.end(), words.begin(), words.end());
  return Program{all, input};
}

std::string LifeWorld::done(const std::string& call, const std::vector<std::string>& words,
                            const std::string& input) {
  const Outcome outcome = begin(call, words, input).wait();
  INFO(call << ' ' << join(words, " "));
  CHECK(outcome.errors == "");
  CHECK(outcome.status == 0);
  return outcome.output;
}

std::string LifeWorld::refused(int status, const std::string& call,
                               const std::vector<std::string>& words) {
  const Outcome outcome = begin(call, words).wait();
  INFO(call << ' ' << join(words, " "));
  CHECK(outcome.status == status);
  CHECK(outcome.output == "");
  const std::string start = concat("mgmt.vm.", call, ": ", words.at(0), ": ");
  CHECK_THAT(outcome.errors, Catch::StartsWith(start));
  CHECK(outcome.errors.find('\n') == outcome.errors.size() - 1);
  std::cout << "  " << outcome.errors;
  return outcome.errors.substr(std::min(start.size(), outcome.errors.size()));
}

void LifeWorld::make_vm(const std::string& name, const std::string& mode,
                        const Settings& settings) {
  done("Create.AppVM", {"tiny", "name=" + name, "label=blue"});
  Settings all{{"virt_mode", mode},
               {"kernel", "test-guest-" + mode},
               {"maxmem", "0"},
               {"memory", mode == "pv" ? "16" : "32"},
               {"vcpus", "1"}};
  all.insert(all.end(), settings.begin(), settings.end());
  for (const auto& [property, value] : all) done("property.Set", {name, property, value});
}

DomainId LifeWorld::start(const std::string& name) const {
  done("Start", {name});
  REQUIRE(eventually([&] { return is_up(name); }));
  return domain_of(name).value().id;
}

bool LifeWorld::is_up(const std::string& name) const {
  const auto domain = domain_of(name);
  return domain && keys->read(domain->id, "/data/up") == "1";
}

void LifeWorld::check_state(const std::string& name, const std::string& state) const {
  INFO(name << " should be " << state);
  CHECK(listed(name) == concat("class=AppVM state=", state));
  const std::string current = done("CurrentState", {name});
  CHECK_THAT(current, Catch::EndsWith(" power_state=" + state));
  const auto domain = domain_of(name);
  CHECK(domain.has_value() == (state != "Halted"));
  CHECK(current.starts_with("mem=0 ") == (state == "Halted"));
  if (domain)
    CHECK(domain->state == (state == "Paused" ? DomainState::paused : DomainState::running));
}

std::filesystem::path LifeWorld::tools_folder() {
  return program_folder().parent_path().parent_path() / "tools";
}

std::string LifeWorld::listed(const std::string& name) {
  for (const std::string& line : split(done("List", {}), '\n'))
    if (line.starts_with(name + " ")) return line.substr(name.size() + 1);
  return "is not listed";
}

Uuid LifeWorld::uuid_of(const std::string& name) {
  const std::string answer = done("property.Get", {name, "uuid"});
  return Uuid::parse(answer.substr(answer.rfind(' ') + 1));
}

std::optional<Domain> LifeWorld::domain_of(const std::string& name) const {
  return domains->find(uuid_of(name));
}

std::vector<std::string> LifeWorld::left_running() const {
  eventually([&] { return held_by_running(*domains).empty(); });
  return held_by_running(*domains);
}

void LifeWorld::remove_all() const {
  for (const std::string& name : names_listed())
    if (name != "dom0" && domain_of(name)) begin("Kill", {name}).wait();
  for (const std::string& name : names_listed())
    if (name != "dom0" && name != "tiny") done("Remove", {name});
  if (listed("tiny") != "is not listed") done("Remove", {"tiny"});
}

std::vector<pid_t> processes(const std::string& name) {
  std::vector<pid_t> found;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc", none}) {
    const auto program = std::filesystem::read_symlink(entry.path() / "exe", none);
    if (!none && program.filename() == name)
      found.push_back(to_number<pid_t>(entry.path().filename().string()).value_or(0));
  }
  return found;
}

}  // namespace qubes::mgmt::test
