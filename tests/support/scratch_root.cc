// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/scratch_root.h"

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace qubes::mgmt::test {

namespace fs = std::filesystem;

ScratchRoot::ScratchRoot(const fs::path& parent) {
  std::string name = parent / "qubes-mgmt-root-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"cannot make a scratch root"};
  path_ = fs::canonical(name);
}

ScratchRoot::~ScratchRoot() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace qubes::mgmt::test
