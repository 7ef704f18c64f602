// SPDX-License-Identifier: GPL-2.0-or-later
// How long a call takes as a whole process, beside floors that do the same work in the least way
// that we know. Prints figures and judges none.

#include <stdlib.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <stdexcept>

#include "contest.h"
#include "report.h"

namespace qubes::mgmt::bench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUsage =
    "Usage: bench PROGRAMS FLOORS MAKE_STORE [--rounds=N] [--vms=N,N,...] [--sets=N]\n"
    "             [--scratch=FOLDER] [--json=FILE]\n";

struct Options {
  fs::path programs;
  fs::path floors;
  fs::path make_store;
  int rounds = 200;
  std::vector<int> vms{10, 100, 1000};
  int sets = 3000;
  fs::path scratch = fs::temp_directory_path();
  fs::path json;
};

int to_number(const std::string& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 1)
    throw std::runtime_error{"'" + text + "' is no number above 0"};
  return number;
}

std::vector<int> to_numbers(const std::string& text) {
  std::vector<int> numbers;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    numbers.push_back(to_number(text.substr(at, end - at)));
    at = end + 1;
  }
  return numbers;
}

Options parse(const std::vector<std::string>& words) {
  Options options;
  std::vector<std::string> places;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    const std::string value = equals == word.npos ? "" : word.substr(equals + 1);
    if (word.starts_with("--rounds="))
      options.rounds = to_number(value);
    else if (word.starts_with("--vms="))
      options.vms = to_numbers(value);
    else if (word.starts_with("--sets="))
      options.sets = to_number(value);
    else if (word.starts_with("--scratch="))
      options.scratch = value;
    else if (word.starts_with("--json="))
      options.json = value;
    else if (word.starts_with("--"))
      throw std::runtime_error{kUsage};
    else
      places.push_back(word);
  }
  if (places.size() != 3) throw std::runtime_error{kUsage};
  options.programs = fs::absolute(places[0]);
  options.floors = fs::absolute(places[1]);
  options.make_store = fs::absolute(places[2]);
  return options;
}

/// A scratch root with a store of so many VMs, gone at the end of the scope.
class World {
 public:
  World(const Options& options, int vms) : options_{options} {
    std::string name = options.scratch / "qubes-mgmt-bench-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr)
      throw std::runtime_error{"cannot make a folder in " + options.scratch.string()};
    root_ = name;
    vm_ = "bench-" + std::to_string(vms / 2);
    run(command({options.make_store, root_, options.programs, std::to_string(vms)}));
  }
  ~World() {
    std::error_code none;
    fs::remove_all(root_, none);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Contender nothing() const { return floor("nothing", {}); }
  Contender ours_list() const { return call("mgmt.vm.List", {}); }
  Contender ours_get() const { return call("mgmt.vm.property.Get", {vm_, "memory"}); }
  Contender ours_set() const { return call("mgmt.vm.property.Set", {vm_, "memory", "@500"}); }
  Contender ours_get_all() const { return call("mgmt.vm.property.GetAll", {vm_}); }
  Contender ours_feature_set() const {
    return call("mgmt.vm.feature.Set", {vm_, "service.cups", "@500"});
  }
  Contender floor_list() const { return floor("sqlite-list", {store()}); }
  Contender floor_get() const { return floor("sqlite-get", {store(), vm_, "memory"}); }
  Contender floor_set() const { return floor("sqlite-set", {store(), vm_, "memory", "@600"}); }

 private:
  using Words = std::vector<std::string>;

  std::string store() const { return root_ / "var/lib/qubes-mgmt/store.db"; }

  Command command(Words words) const {
    return {std::move(words),
            {"PATH=/usr/bin:/bin", "LC_ALL=C", "QUBES_MGMT_ROOT=" + root_.string()}};
  }

  Contender contender(const std::string& name, const fs::path& program, Words words) const {
    words.insert(words.begin(), program);
    return {name, [prepared = command(words)](int round) {
              // @N is another number in each round, so that each Set has something to write.
              Command filled = prepared;
              for (std::string& word : filled.words)
                if (word.starts_with("@"))
                  word = std::to_string(to_number(word.substr(1)) + round % 100);
              return filled;
            }};
  }

  Contender call(const std::string& name, Words words) const {
    return contender(name, options_.programs / name, std::move(words));
  }

  Contender floor(const std::string& name, Words words) const {
    return contender("floor-" + name, options_.floors / ("floor-" + name), std::move(words));
  }

  const Options& options_;
  fs::path root_;
  std::string vm_;
};

std::vector<Section> beside_floors(const Options& options, int vms) {
  const World world{options, vms};
  std::vector<Section> sections;
  const std::string size = ", " + std::to_string(vms) + " VMs";
  const auto measure = [&](const std::string& title, const Contender& ours,
                           const Contender& floor) {
    sections.push_back({title + size, compete({ours, floor, world.nothing()}, options.rounds)});
    print(sections.back());
  };
  measure("List", world.ours_list(), world.floor_list());
  measure("Get", world.ours_get(), world.floor_get());
  measure("Set", world.ours_set(), world.floor_set());
  for (const Contender& ours : {world.ours_get_all(), world.ours_feature_set()}) {
    sections.push_back({ours.name.substr(std::string{"mgmt.vm."}.size()) + size,
                        compete({ours, world.nothing()}, options.rounds)});
    print(sections.back());
  }
  return sections;
}

// Whether calls stay as fast as they were, after many that each wrote a little.
std::vector<Section> after_many_sets(const Options& options) {
  const World world{options, options.vms.front()};
  std::vector<Section> sections;
  const auto measure = [&](const std::string& when) {
    for (const auto& [ours, floor] : {std::pair{world.ours_get(), world.floor_get()},
                                      std::pair{world.ours_set(), world.floor_set()}}) {
      sections.push_back({ours.name.substr(ours.name.rfind('.') + 1) + " " + when,
                          compete({ours, floor}, options.rounds)});
      print(sections.back());
    }
  };
  measure("before many Sets");
  for (int round = 0; round < options.sets; ++round) run(world.ours_set().command(round));
  measure("after " + std::to_string(options.sets) + " Sets in a row");
  return sections;
}

void measure_all(const Options& options) {
  std::vector<Section> sections;
  const auto add = [&](std::vector<Section> more) {
    sections.insert(sections.end(), more.begin(), more.end());
  };
  for (const int vms : options.vms) add(beside_floors(options, vms));
  add(after_many_sets(options));
  if (!options.json.empty()) std::ofstream{options.json} << json(sections);
}

}  // namespace
}  // namespace qubes::mgmt::bench

int main(int argc, char** argv) {
  try {
    qubes::mgmt::bench::measure_all(
        qubes::mgmt::bench::parse(std::vector<std::string>{argv + 1, argv + argc}));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "bench: " << error.what() << "\n";
    return 2;
  }
}
