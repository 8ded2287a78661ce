// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__linux__)
#include <sched.h>
#endif

namespace qvit_benchmarks {

/// While it lives, this thread stays on one processor: of those it may run on (eight at most are tried), the one on
/// which sines and cosines go fastest now.
///
/// The other half of a core may belong to somebody else's program. Code that needs most of what the core can issue is
/// slower then, multiply-adds in registers are not, so that a ratio to their peak says nothing. Threads started
/// meanwhile stay there, too: not for benchmarks of several.
class quiet_processor {
  public:
    quiet_processor();
    ~quiet_processor();
    quiet_processor(const quiet_processor&) = delete;
    quiet_processor& operator=(const quiet_processor&) = delete;

  private:
#if defined(__linux__)
    cpu_set_t allowed_{};
    bool known_ = false;
#endif
};

}  // namespace qvit_benchmarks
