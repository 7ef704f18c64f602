// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/doctor_program.h"

#include <unistd.h>

#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"
#include "frame/foreign_server.h"
#include "frame/typed_program.h"
#include "frame/wiring.h"
#include "ops/doctor.h"
#include "store/open.h"

namespace qubes::mgmt {
namespace {

constexpr std::string_view kHelp =
    R"(Usage: mgmt-doctor [OPTIONS]

Look for what does not fit together: the store, pools, volumes, snapshots, loop
devices, and what Xen runs. Prints a line for each finding, and changes nothing.

Options:
  --repair    mend what can be mended without losing anything, and say each step
  --help      print this
  --version   print the version

Example: mgmt-doctor --repair
Exit statuses and more: man mgmt-doctor, man 7 mgmt
)";

void print(std::string_view line) { write_all(STDOUT_FILENO, concat(line, "\n")); }

// Whether it is mended now.
bool mend(Context& context, const Finding& finding) try {
  finding.mend(context);
  print(concat("  mended: ", finding.remedy));
  return true;
} catch (const Fault& fault) {
  context.roll_back();
  print(concat("  not mended: ", fault.what()));
  return false;
}

int examine(const Root& root, bool repairs) {
  if (repairs) refuse_beside_foreign_server(root);
  const auto store = open_store(root, StoreAccess::write, make_first_pool);
  RealOutside outside{root};
  Context context{store, root, outside, {"dom0", "mgmt-doctor", "dom0", ""}, Rehearsal::no};
  const std::vector<Finding> findings = findings_of(context);
  std::size_t left = findings.size();
  for (const Finding& finding : findings) {
    print(finding.text);
    if (!finding.mend)
      print("  nothing here can mend it");
    else if (!repairs)
      print(concat("  --repair: ", finding.remedy));
    else if (mend(context, finding))
      --left;
  }
  if (findings.empty()) print("all is well");
  return left == 0 ? 0 : exit_status(FaultKind::failed);
}

}  // namespace

int run_doctor_program(int argc, char** argv) {
  bool repairs = false;
  return run_typed_program({.name = "mgmt-doctor",
                            .help = kHelp,
                            .flags = {{"--repair", &repairs}},
                            .work = [&](const Root& root) { return examine(root, repairs); }},
                           argc, argv);
}

}  // namespace qubes::mgmt
