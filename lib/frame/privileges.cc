// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame/privileges.h"

#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "base/fault.h"
#include "base/process.h"
#include "base/text.h"

namespace qubes::mgmt {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSudo = "/usr/bin/sudo";
constexpr std::chrono::seconds kSudoDeadline{10};

bool is_callers_alone(const char* folder) {
  struct stat status {};
  return ::stat(folder, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid() &&
         (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

bool needs_root(const Call& call, const Request& request) {
  if (call.text.needs != Needs::store) return true;
  return call.text.asks_xen != nullptr && call.text.asks_xen(request.input.argument);
}

// By the name it was called by, which says what it does, beside the file that really runs.
// A service link of another folder is taken as qrexec found it.
std::string own_path(const char* called) {
  const fs::path beside = program_folder() / fs::path{called}.filename();
  std::error_code none;
  if (fs::exists(beside, none) || !fs::path{called}.is_absolute()) return beside;
  return called;
}

}  // namespace

Root scratch_or_real_root() {
  const char* folder = std::getenv("QUBES_MGMT_ROOT");
  if (folder == nullptr || ::getauxval(AT_SECURE) != 0 || std::getenv("SUDO_UID") != nullptr)
    return {};
  // To go on with the real root instead would do to it what was meant for the scratch one.
  if (*folder != '/' || !is_callers_alone(folder))
    throw Fault{FaultKind::malformed,
                concat("QUBES_MGMT_ROOT cannot be '", printable(folder),
                       "': an absolute path is expected, to a folder that is yours and that "
                       "nobody else can write")};
  return Root{folder};
}

void escalate_if_needed(const Call& call, const Request& request, const Root& root, int argc,
                        char** argv) {
  if (::geteuid() == 0 || root.is_scratch() || !needs_root(call, request)) return;
  const std::string path = own_path(argv[0]);
  const Fault refused{FaultKind::denied,
                      "this call needs root, and sudo does not let you: be root or in the group "
                      "qubes"};
  if (::access(kSudo, X_OK) != 0) throw refused;
  // Asked beforehand, since sudo's own failure could not be told from the call's.
  if (run_program({kSudo, "-n", "-l", "--", path}, kSudoDeadline).status != 0) throw refused;
  std::vector<char*> words{const_cast<char*>(kSudo), const_cast<char*>("-n"),
                           const_cast<char*>("--"), const_cast<char*>(path.c_str())};
  for (int i = 1; i < argc; ++i) words.push_back(argv[i]);
  words.push_back(nullptr);
  ::execv(kSudo, words.data());
  throw system_fault("run sudo");
}

}  // namespace qubes::mgmt
