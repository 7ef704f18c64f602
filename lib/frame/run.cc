// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/run.h"

#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <new>
#include <string>

#include "base/copy.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"
#include "frame/encode.h"
#include "frame/foreign_server.h"
#include "frame/perform.h"
#include "frame/privileges.h"
#include "frame/qrexec.h"
#include "frame/rehearsal.h"
#include "frame/shell.h"
#include "frame/surroundings.h"
#include "frame/wiring.h"
#include "store/open.h"

namespace qubes::mgmt {
namespace {

/// How an answer leaves this process, known as far as the request could be read.
struct Answerer {
  Door door = Door::shell;
  Dialect dialect = Dialect::draft;
  /// Whether answers and refusals go in the frame of qubesd's protocol.
  bool is_framed = false;
  std::string call;
  std::string target;
  bool as_json = false;
  bool as_exit_code = false;
  bool is_verbose = false;

  void speak(Dialect spoken) {
    dialect = spoken;
    is_framed = is_framed || spoken == Dialect::shipped;
  }

  int say(const Reply& reply) const {
    if (as_exit_code) return std::get<Reply::Truth>(reply.content).is_true ? 0 : 1;
    std::string bytes = as_json ? encode_json(reply) : encode(reply, dialect);
    if (is_framed && !as_json) bytes = framed(bytes);
    const bool is_for_eyes = door == Door::shell && !is_framed;
    if (is_for_eyes && !bytes.empty() && bytes.back() != '\n' && ::isatty(STDOUT_FILENO) != 0)
      bytes += '\n';
    write_all(STDOUT_FILENO, bytes);
    if (const auto* content = std::get_if<Reply::Bytes>(&reply.content); content && !as_json)
      copy_bytes(content->file->number(), STDOUT_FILENO, content->size);
    for (const std::string& warning : reply.warnings)
      say_on_stderr(concat(call, ": ", warning, "\n"));
    return 0;
  }

  int refuse(const Fault& fault) const {
    if (is_framed) {
      write_all(STDOUT_FILENO, framed(fault));
      return 0;
    }
    const std::string line =
        concat(call, ": ", target.empty() ? "" : concat(target, ": "), fault.what(), "\n");
    say_on_stderr(line);
    if (is_verbose && !fault.details().empty())
      say_on_stderr(concat("  ", join(split(trimmed(fault.details()), '\n'), "\n  "), "\n"));
    // qrexec does not carry stderr to the caller. Who is denied learns nothing more.
    if (door == Door::qrexec)
      write_all(STDOUT_FILENO, fault.kind() == FaultKind::denied ? "denied\n" : line);
    return exit_status(fault.kind());
  }

  // Whether anybody reads it makes no difference.
  static void say_on_stderr(const std::string& line) {
    static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
  }
};

Fault internal_fault(const Answerer& answerer, const char* what) {
  ::openlog("qubes-mgmt", LOG_PID, LOG_DAEMON);
  ::syslog(LOG_ERR, "%s: %s: %s", answerer.call.c_str(), answerer.target.c_str(), what);
  return {FaultKind::internal, "internal error; the system log has the details"};
}

int perform_request(const Call& call, Request& request, Rehearsal rehearsal, int argc, char** argv,
                    const Answerer& answerer) {
  const Root root = scratch_or_real_root();
  escalate_if_needed(call, request, root, argc, argv);
  check_parts(call, request);
  const bool writes = call.text.access != Access::read;
  if (writes) refuse_beside_foreign_server(root);
  const auto store =
      open_store(root, writes ? StoreAccess::write : StoreAccess::read, make_first_pool);
  Reply reply;
  {
    RealOutside outside{root};
    Context context{store,
                    root,
                    outside,
                    {request.caller, request.method, request.input.target, request.input.argument},
                    rehearsal};
    reply = perform(call, context, request.input);
  }
  return answerer.say(reply);
}

int serve_qrexec(const Call& call, int argc, char** argv, Answerer& answerer) {
  answerer.door = Door::qrexec;
  answerer.is_framed = answerer.is_framed || is_called_by_socket();
  leave_working_folder();
  Request request = read_qrexec_request(argc, argv);
  answerer.call = printable(request.method);
  answerer.target = printable(request.input.target);
  resolve_method(call, request);
  answerer.speak(request.dialect);
  return perform_request(call, request, Rehearsal::no, argc, argv, answerer);
}

int serve_shell(const Call& call, int argc, char** argv, Answerer& answerer) {
  auto read = read_command_line(call, argc, argv);
  if (const auto* text = std::get_if<ShellText>(&read)) {
    write_all(STDOUT_FILENO, text->text);
    return 0;
  }
  auto& shell = std::get<ShellRequest>(read);
  answerer.as_json = shell.as_json;
  answerer.as_exit_code = shell.as_exit_code;
  answerer.is_verbose = shell.is_verbose;
  if (call.text.dest != Dest::dom0) answerer.target = printable(shell.request.input.target);
  resolve_method(call, shell.request);
  return perform_request(call, shell.request, shell.rehearsal, argc, argv, answerer);
}

// What a call refuses with is part of its interface: the manual lists it. In builds with
// assertions one that is not declared says so on a line of its own, which no test overlooks.
void mind_declaration([[maybe_unused]] FaultKind kind) {
#ifndef NDEBUG
  const auto& declared = all_calls().front()->faults;
  if (std::ranges::find(declared, kind) == declared.end())
    Answerer::say_on_stderr(concat("not declared by the call: ", word(kind), "\n"));
#endif
}

int serve(int argc, char** argv, Answerer& answerer) {
  try {
    const std::string_view path = argc > 0 ? argv[0] : "";
    answerer.call = printable(path.substr(path.rfind('/') + 1));
    // The name alone says in which form to refuse what cannot be read further.
    if (const Prefix* prefix = prefix_of(answerer.call)) answerer.speak(prefix->dialect);
    const Call& call = *all_calls().front();
    return is_called_by_qrexec() ? serve_qrexec(call, argc, argv, answerer)
                                 : serve_shell(call, argc, argv, answerer);
  } catch (const Rehearsed& rehearsed) {
    write_all(STDOUT_FILENO, describe(rehearsed));
    return 0;
  } catch (const Fault& fault) {
    mind_declaration(fault.kind());
    if (fault.kind() == FaultKind::internal)
      return answerer.refuse(internal_fault(answerer, fault.what()));
    return answerer.refuse(fault);
  } catch (const std::bad_alloc&) {
    return answerer.refuse({FaultKind::io_failed, "there is not enough memory for this"});
  } catch (const std::exception& error) {
    return answerer.refuse(internal_fault(answerer, error.what()));
  }
}

}  // namespace

int run(int argc, char** argv) {
  set_surroundings_right();
  Answerer answerer;
  try {
    const int status = serve(argc, argv, answerer);
    // systemd holds the connection too, until it has seen that this process has ended: the caller
    // is not to wait for that.
    if (is_called_by_socket()) ::shutdown(STDOUT_FILENO, SHUT_WR);
    return status;
  } catch (const Fault& fault) {
    // The answer itself, or the refusal, could not be written.
    return exit_status(fault.kind());
  }
}

}  // namespace qubes::mgmt
