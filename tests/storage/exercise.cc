// SPDX-License-Identifier: GPL-2.0-or-later
#include "exercise.h"

#include "base/process.h"
#include "images.h"

namespace qubes::mgmt::test {

Outcome exercise(const Words& fault, CopyBy copy_by, const std::filesystem::path& pool,
                 const Words& method) {
  const std::filesystem::path here = program_folder();
  const ScratchRoot scratch;
  const std::filesystem::path report = scratch.path() / "report";
  Words words;
  if (!fault.empty()) {
    words = {here / "../support/fault/fault"};
    words.insert(words.end(), fault.begin(), fault.end());
    words.insert(words.end(), {"--report", report, "--"});
  }
  const char* driver = copy_by == CopyBy::reflink ? "file-reflink" : "file";
  words.insert(words.end(), {here / "pool-exerciser", driver, pool});
  words.insert(words.end(), method.begin(), method.end());
  const ProcessResult result = run_program(words, std::chrono::seconds{30});
  return {result.status, (fault.empty() ? "" : content(report)) + result.errors};
}

}  // namespace qubes::mgmt::test
