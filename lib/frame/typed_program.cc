// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/typed_program.h"

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

namespace qubes::mgmt {
namespace {

int refuse(std::string_view program, const Fault& fault) {
  write_all(STDERR_FILENO, concat(program, ": ", fault.what(), "\n"));
  return exit_status(fault.kind());
}

int refuse_internal(std::string_view program, const char* what) {
  ::openlog("qubes-mgmt", LOG_PID, LOG_DAEMON);
  ::syslog(LOG_ERR, "%s: %s", std::string{program}.c_str(), what);
  return refuse(program, {FaultKind::internal, "internal error; the system log has the details"});
}

int serve(const TypedProgram& program, int argc, char** argv) {
  if (is_called_by_qrexec())
    throw Fault{FaultKind::denied, "this program is run in a shell, by no other VM"};
  bool help = false;
  bool version = false;
  CLI::App app;
  app.set_help_flag();
  app.add_flag("-h,--help", help);
  app.add_flag("--version", version);
  for (const auto& [flag, is_set] : program.flags) app.add_flag(flag, *is_set);
  if (program.word != nullptr) app.add_option("FILE", *program.word);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const std::string said = error.what();
    throw Fault{FaultKind::malformed,
                concat(said.substr(0, said.find('\n')), "; --help lists the options")};
  }
  if (!help && !version) return program.work(scratch_or_real_root());
  write_all(STDOUT_FILENO,
            help ? std::string{program.help} : concat(program.name, " ", kVersion, "\n"));
  return 0;
}

}  // namespace

int run_typed_program(const TypedProgram& program, int argc, char** argv) {
  set_surroundings_right();
  try {
    return serve(program, argc, argv);
  } catch (const Fault& fault) {
    if (fault.kind() == FaultKind::internal) return refuse_internal(program.name, fault.what());
    return refuse(program.name, fault);
  } catch (const std::exception& error) {
    return refuse_internal(program.name, error.what());
  }
}

}  // namespace qubes::mgmt
