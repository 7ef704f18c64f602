// SPDX-License-Identifier: GPL-2.0-or-later
#include "subject.h"

#include <cstdio>
#include <map>
#include <string>

using namespace qubes::mgmt;

int main(int count, char** words) {
  const std::map<std::string, int (*)()> actions{
      {"file", subject::make_a_file},
      {"nothing", subject::change_nothing},
      {"everything", subject::change_everything},
      {"streams", subject::write_streams},
      {"errors", subject::report_errors},
      {"children", subject::fork_children},
      {"tree", subject::leave_a_tree},
      {"daemon", subject::leave_a_daemon},
      {"signals", subject::pass_signals},
      {"thread", subject::execute_from_thread},
  };
  if (count == 3 && words[1] == std::string{"leaf"}) return subject::make_leaf(words[2]);
  const auto action = count == 2 ? actions.find(words[1]) : actions.end();
  if (action != actions.end()) return action->second();
  std::fputs("fault-subject: no such action\n", stderr);
  return 2;
}
