// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/exchange_programs.h"

#include <unistd.h>

#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"
#include "frame/typed_program.h"
#include "frame/wiring.h"
#include "ops/export.h"
#include "ops/import.h"
#include "store/open.h"

namespace qubes::mgmt {
namespace {

constexpr std::string_view kImportHelp =
    R"(Usage: mgmt-import [OPTIONS] FILE

Take over a qubes.xml of Qubes OS 4.x, and the firewall rules in the folders of
its VMs beside it, into a store that has no VM but dom0. Labels, pools and
global properties are replaced. Volumes stay where they are.

  FILE        the qubes.xml, such as /var/lib/qubes/qubes.xml

Options:
  --dry-run   say what would be taken, and change nothing
  --help      print this
  --version   print the version

Example: mgmt-import /var/lib/qubes/qubes.xml
Exit statuses and more: man mgmt-import, man 7 mgmt
)";

constexpr std::string_view kExportHelp =
    R"(Usage: mgmt-export [OPTIONS] [FILE]

Write the store as a qubes.xml that Qubes OS 4.x reads, and the firewall rules
of its VMs into their folders beside it.

  FILE        where to write it; without one, or with -, to standard output,
              without firewall rules

Options:
  --help      print this
  --version   print the version

Example: mgmt-export /var/tmp/qubes.xml
Exit statuses and more: man mgmt-export, man 7 mgmt
)";

void say(std::string_view program, std::string_view what, const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += concat(program, ": ", what, ": ", line, "\n");
  write_all(STDERR_FILENO, all);
}

int do_import(const Root& root, const std::string& file, Rehearsal rehearsal) {
  if (file.empty())
    throw Fault{FaultKind::malformed, "expected a FILE, such as /var/lib/qubes/qubes.xml"};
  const auto store = open_store(root, StoreAccess::write, make_first_pool);
  RealOutside outside{root};
  Context context{store, root, outside, {"dom0", "mgmt-import", "dom0", file}, rehearsal};
  const ImportReport report = import_qubes_xml(context, file);
  const std::string_view took = rehearsal == Rehearsal::yes ? "would take " : "took ";
  std::string done;
  for (const auto& [count, what] : report.counts) done += concat(took, count, " ", what, "\n");
  write_all(STDOUT_FILENO, done);
  say("mgmt-import", "left out", report.left_out);
  say("mgmt-import", "warning", report.missing);
  return 0;
}

int do_export(const Root& root, const std::string& file) {
  const auto store = open_store(root, StoreAccess::read, make_first_pool);
  RealOutside outside{root};
  const Context context{store, root, outside, {"dom0", "mgmt-export", "dom0", file}, Rehearsal::no};
  Export files = export_store(context);
  if (!file.empty() && file != "-") {
    write_export(files, file);
  } else {
    write_all(STDOUT_FILENO, files.qubes_xml);
    for (const Export::Firewall& firewall : files.firewalls)
      if (firewall.rules) files.left_out.push_back(concat("the rules of ", firewall.file));
  }
  say("mgmt-export", "left out", files.left_out);
  return 0;
}

}  // namespace

int run_import_program(int argc, char** argv) {
  std::string file;
  bool is_rehearsal = false;
  const auto work = [&](const Root& root) {
    return do_import(root, file, is_rehearsal ? Rehearsal::yes : Rehearsal::no);
  };
  return run_typed_program({.name = "mgmt-import",
                            .help = kImportHelp,
                            .flags = {{"--dry-run", &is_rehearsal}},
                            .word = &file,
                            .work = work},
                           argc, argv);
}

int run_export_program(int argc, char** argv) {
  std::string file;
  return run_typed_program({.name = "mgmt-export",
                            .help = kExportHelp,
                            .word = &file,
                            .work = [&](const Root& root) { return do_export(root, file); }},
                           argc, argv);
}

}  // namespace qubes::mgmt
