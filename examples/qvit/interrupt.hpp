// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace qvit::tool {

/// Stops a run after Ctrl-C; the program then exits with 130.
struct interrupted {};

/// Ctrl-C (or a SIGTERM) from now on asks training to stop.
void watch_interrupt();
bool interrupt_asked();

}  // namespace qvit::tool
