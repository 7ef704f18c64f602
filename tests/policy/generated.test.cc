// SPDX-License-Identifier: GPL-2.0-or-later
// Policies made by chance, against answers that need no evaluator: the tables below say by hand
// for whom each word stands among a few callers and targets, and the first line whose four words
// all do is the one that must decide.
#include <catch2/catch.hpp>
#include <random>

#include "base/text.h"
#include "policy_world.h"

using namespace qubes::mgmt;
using namespace qubes::mgmt::test;

namespace {

constexpr int kPolicies = 2000;
constexpr std::size_t kMostLines = 14;

struct Word {
  std::string text;
  std::string covers;  // between blanks
};

const std::vector<Word> kSources{{"*", " work mail vault work-dm "},
                                 {"@anyvm", " work mail vault work-dm "},
                                 {"work", " work "},
                                 {"mail", " mail "},
                                 {"work-dm", " work-dm "},
                                 {"@tag:red", " work vault "},
                                 {"@tag:office", " work mail "},
                                 {"@type:AppVM", " work mail vault "},
                                 {"@type:DispVM", " "},
                                 {"@adminvm", " "},
                                 {"uuid:ab000000-0000-0000-0000-000000000003", " vault "}};

const std::vector<Word> kTargets{{"*", " dom0 work sys debian @default @dispvm @dispvm:dvm-two "},
                                 {"@anyvm", " work sys debian @default @dispvm @dispvm:dvm-two "},
                                 {"@adminvm", " dom0 "},
                                 {"dom0", " dom0 "},
                                 {"work", " work "},
                                 {"sys", " sys "},
                                 {"@default", " @default "},
                                 {"@dispvm", " @dispvm "},
                                 {"@dispvm:dvm-two", " @dispvm:dvm-two "},
                                 {"@dispvm:@tag:office", " @dispvm:dvm-two "},
                                 {"@dispvm:@tag:net", " "},
                                 {"@tag:red", " work "},
                                 {"@tag:net", " sys "},
                                 {"@type:TemplateVM", " debian "},
                                 {"@type:AppVM", " work "},
                                 {"uuid:00000000-0000-0000-0000-000000000000", " dom0 "},
                                 {"uuid:ab000000-0000-0000-0000-000000000006", " debian "}};

const std::vector<Word> kCalls{{"* *", " a.One+ a.One+x a.Two+ a.Two+x "},
                               {"a.One *", " a.One+ a.One+x "},
                               {"a.One +", " a.One+ "},
                               {"a.Two +x", " a.Two+x "},
                               {"a.Two *", " a.Two+ a.Two+x "},
                               {"a.Three *", " "}};

// So that the outcome does not depend on the target, which is other tests' matter.
const std::vector<std::string> kVerdicts{"allow target=dom0", "ask target=sys", "deny",
                                         "deny notify=no", "allow target=vault user=root"};
const std::vector<std::string> kOutcomes{"allow dom0", "ask sys", "deny", "deny", "allow vault"};

struct Line {
  Word call, source, target;
  std::string outcome, place;
};

bool covers(const Word& word, const std::string& one) {
  return word.covers.find(concat(" ", one, " ")) != std::string::npos;
}

/// Writes a policy of some lines, scattered over files and includes.
class Generator {
 public:
  Generator(const PolicyWorld& world, unsigned seed) : world_{world}, random_{seed} {}

  std::vector<Line> write() {
    std::vector<Line> lines(1 + pick(kMostLines));
    for (Line& line : lines) add(line);
    world_.write(concat(file_, "-a.policy"), text_);
    return lines;
  }

 private:
  std::size_t pick(std::size_t count) { return random_() % count; }

  const Word& pick(const std::vector<Word>& words) { return words[pick(words.size())]; }

  void add(Line& line) {
    const std::size_t verdict = pick(kVerdicts.size());
    line = {pick(kCalls), pick(kSources), pick(kTargets), kOutcomes[verdict], ""};
    if (pick(4) == 0) begin_file();
    std::string name = concat(file_, "-a.policy");
    std::string rule = concat(line.source.text, "\t", line.target.text, " ", kVerdicts[verdict]);
    if (pick(3) > 0) {
      text_ += concat(line.call.text, "  ", rule, "\n");
      ++number_;
    } else {
      name = include(line, rule);
    }
    line.place = concat(name, ":", name.ends_with(".policy") ? number_ : 2);
    if (pick(3) > 0) return;
    text_ += "# between\n";
    ++number_;
  }

  // The line in a file of its own, included in one way or the other.
  std::string include(const Line& line, const std::string& rule) {
    const std::string name = concat("part-", ++includes_);
    const bool is_short = pick(2) == 0;
    text_ += is_short ? concat("!include-service ", line.call.text, " include/", name, "\n")
                      : concat("!include include/", name, "\n");
    ++number_;
    world_.write("include/" + name, concat("\n", is_short ? "" : line.call.text + " ", rule, "\n"));
    return name;
  }

  void begin_file() {
    world_.write(concat(file_, "-a.policy"), text_);
    text_.clear();
    number_ = 0;
    ++file_;
  }

  const PolicyWorld& world_;
  std::mt19937 random_;
  std::string text_;
  int file_ = 10;
  int includes_ = 0;
  int number_ = 0;
};

std::string expected(const std::vector<Line>& lines, const std::string& call,
                     const std::string& source, const std::string& target) {
  for (const Line& line : lines)
    if (covers(line.call, call) && covers(line.source, source) && covers(line.target, target))
      return concat(line.place, " ", line.outcome);
  return "deny";
}

// How many calls by these sources to these targets were answered as they should.
int answered(const PolicyWorld& world, const std::vector<Line>& lines) {
  const Policy policy = world.read();
  INFO(policy.problem());
  int count = 0;
  for (const std::string call : {"a.One+", "a.One+x", "a.Two+x"})
    for (const std::string source : {"work", "mail", "vault", "work-dm"}) {
      const auto parts = split(call, '+');
      const PolicyView view{policy, world.system, source, parts[0], parts[1]};
      for (const std::string& target : split(kTargets[0].covers, ' ')) {
        // mail's own disposable is one of dvm-two, so more words cover it than the table says.
        if (target.empty() || (target == "@dispvm" && source == "mail")) continue;
        INFO(call << " from " << source << " to " << target);
        const std::string outcome = expected(lines, call, source, target);
        CHECK(summary(view.resolve(target)) == outcome);
        const PolicyVm* vm = world.system.find(target);
        if (vm != nullptr) CHECK(view.allows(*vm) == (outcome.find("allow") != std::string::npos));
        ++count;
      }
    }
  return count;
}

}  // namespace

TEST_CASE("policies made by chance are answered as by hand", "[policy][generated]") {
  int calls = 0;
  for (unsigned seed = 0; seed < kPolicies; ++seed) {
    const PolicyWorld world;
    INFO("policy " << seed);
    calls += answered(world, Generator{world, seed}.write());
  }
  CHECK(calls == kPolicies * 3 * (4 * 7 - 1));
}
