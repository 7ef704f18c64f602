// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <string_view>

#include "base/fault.h"
#include "base/handle.h"
#include "hypervisor/xen/log.h"

extern "C" {
#include <libxl.h>
#include <libxl_event.h>
#include <libxl_utils.h>
#include <libxl_uuid.h>
}

namespace qubes::mgmt::xen {

/// A libxl context, and the log in which libxl says why something failed.
///
/// libxl runs helpers as our children and reaps these and no others, so the process may have
/// children of its own. What it forks dies with us and holds none of our standard streams.
class Session {
 public:
  /// Throws no_xen. Hangs where xenstored is stopped: to be used by Guarded only.
  Session();

  libxl_ctx* context() const { return context_.get(); }

  /// To be called before each operation: forgets the log of the one before, and makes sure
  /// that libxl hears of its children's ends, without which it waits for ever.
  void begin();

  const Log& log() const { return log_; }

  /// The fault for an operation that failed: `doing` completes "cannot …", libxl's own first
  /// words follow.
  Fault fault(std::string_view doing) const;

  /// Throws it where `rc` is not success.
  void check(int rc, std::string_view doing) const;

 private:
  static void close(libxl_ctx* context) { libxl_ctx_free(context); }

  pid_t owner_;
  Log log_;  // before context_, which points to it and may log while it closes
  Handle<libxl_ctx, close> context_;
};

}  // namespace qubes::mgmt::xen
