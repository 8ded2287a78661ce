// SPDX-License-Identifier: Apache-2.0
#include "interrupt.hpp"

#include <csignal>

namespace qvit::tool {

namespace {
volatile std::sig_atomic_t requested = 0;
void request(int) { requested = 1; }
}  // namespace

void watch_interrupt() {
    std::signal(SIGINT, request);
    std::signal(SIGTERM, request);  // what schedulers send
}
bool interrupt_asked() { return requested != 0; }

}  // namespace qvit::tool
