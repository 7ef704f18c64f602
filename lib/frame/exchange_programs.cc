// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/exchange_programs.h"

#include <syslog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"
#include "frame/privileges.h"
#include "frame/qrexec.h"
#include "frame/surroundings.h"
#include "frame/version.h"
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

struct Arguments {
  bool help = false;
  bool version = false;
  bool dry_run = false;
  std::string file;
};

enum class Program { import, export_ };

Arguments read_arguments(Program program, int argc, char** argv) {
  Arguments arguments;
  CLI::App app;
  app.set_help_flag();
  app.add_flag("-h,--help", arguments.help);
  app.add_flag("--version", arguments.version);
  if (program == Program::import) app.add_flag("--dry-run", arguments.dry_run);
  app.add_option("FILE", arguments.file);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const std::string said = error.what();
    throw Fault{FaultKind::malformed,
                concat(said.substr(0, said.find('\n')), "; --help lists the options")};
  }
  return arguments;
}

void say(std::string_view program, std::string_view what, const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += concat(program, ": ", what, ": ", line, "\n");
  write_all(STDERR_FILENO, all);
}

void do_import(const Arguments& arguments, const Root& root) {
  if (arguments.file.empty())
    throw Fault{FaultKind::malformed, "expected a FILE, such as /var/lib/qubes/qubes.xml"};
  const auto store = open_store(root, StoreAccess::write, make_first_pool);
  RealOutside outside{root};
  Context context{store,
                  root,
                  outside,
                  {"dom0", "mgmt-import", "dom0", arguments.file},
                  arguments.dry_run ? Rehearsal::yes : Rehearsal::no};
  const ImportReport report = import_qubes_xml(context, arguments.file);
  std::string done;
  for (const auto& [count, what] : report.counts)
    done += concat(arguments.dry_run ? "would take " : "took ", count, " ", what, "\n");
  write_all(STDOUT_FILENO, done);
  say("mgmt-import", "left out", report.left_out);
  say("mgmt-import", "warning", report.missing);
}

void do_export(const Arguments& arguments, const Root& root) {
  const auto store = open_store(root, StoreAccess::read, make_first_pool);
  RealOutside outside{root};
  const Context context{
      store, root, outside, {"dom0", "mgmt-export", "dom0", arguments.file}, Rehearsal::no};
  Export files = export_store(context);
  if (!arguments.file.empty() && arguments.file != "-") {
    write_export(files, arguments.file);
  } else {
    write_all(STDOUT_FILENO, files.qubes_xml);
    for (const Export::Firewall& firewall : files.firewalls)
      if (firewall.rules) files.left_out.push_back(concat("the rules of ", firewall.file));
  }
  say("mgmt-export", "left out", files.left_out);
}

int refuse(std::string_view program, const Fault& fault) {
  write_all(STDERR_FILENO, concat(program, ": ", fault.what(), "\n"));
  return exit_status(fault.kind());
}

int refuse_internal(std::string_view program, const char* what) {
  ::openlog("qubes-mgmt", LOG_PID, LOG_DAEMON);
  ::syslog(LOG_ERR, "%s: %s", std::string{program}.c_str(), what);
  return refuse(program, {FaultKind::internal, "internal error; the system log has the details"});
}

int run(Program program, int argc, char** argv) {
  const bool is_import = program == Program::import;
  const std::string_view name = is_import ? "mgmt-import" : "mgmt-export";
  set_surroundings_right();
  try {
    if (is_called_by_qrexec())
      throw Fault{FaultKind::denied, "this program is run in a shell, by no other VM"};
    const Arguments arguments = read_arguments(program, argc, argv);
    if (arguments.help)
      write_all(STDOUT_FILENO, is_import ? kImportHelp : kExportHelp);
    else if (arguments.version)
      write_all(STDOUT_FILENO, concat(name, " ", kVersion, "\n"));
    else
      (is_import ? do_import : do_export)(arguments, scratch_or_real_root());
    return 0;
  } catch (const Fault& fault) {
    if (fault.kind() == FaultKind::internal) return refuse_internal(name, fault.what());
    return refuse(name, fault);
  } catch (const std::exception& error) {
    return refuse_internal(name, error.what());
  }
}

}  // namespace

int run_import_program(int argc, char** argv) { return run(Program::import, argc, argv); }

int run_export_program(int argc, char** argv) { return run(Program::export_, argc, argv); }

}  // namespace qubes::mgmt
