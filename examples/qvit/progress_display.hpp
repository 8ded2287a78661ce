// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

#include <qvit/train/report.hpp>

namespace qvit::tool {

/// Shows training on stderr where that is a terminal: one line that is drawn anew. No colours, so NO_COLOR changes
/// nothing.
class progress_display {
  public:
    /// `done` epochs are behind a resumed run, of which `best` was the best.
    progress_display(std::size_t epochs, std::size_t images_per_epoch, std::size_t done, const epoch_report& best)
        : epochs_(epochs),
          images_(images_per_epoch),
          done_before_(done),
          on_terminal_(isatty(STDERR_FILENO) != 0),
          best_(best) {}
    progress_display(const progress_display&) = delete;
    progress_display& operator=(const progress_display&) = delete;
    ~progress_display() {
        if (drawn_) std::fputc('\n', stderr);
    }

    void show(const epoch_report& now) {
        if (now.best) best_ = now;
        const auto clock = std::chrono::steady_clock::now();
        if (!on_terminal_ || (now.epoch != epochs_ && clock - shown_at_ < std::chrono::milliseconds(40))) return;
        shown_at_ = clock;
        const double seconds = std::chrono::duration<double>(clock - started_).count();
        const double done = static_cast<double>(now.epoch - done_before_);
        char text[240];
        std::snprintf(text, sizeof text,
                      "epoch %zu/%zu  %.1f s left  %.0f images/s  val AUC %.4f  best %.4f  at %zu  ACC %.4f  loss %.4f",
                      now.epoch, epochs_, seconds / done * static_cast<double>(epochs_ - now.epoch),
                      done * static_cast<double>(images_) / std::max(seconds, 1e-9), now.validation.auc,
                      best_.validation.auc, best_.epoch, now.validation.accuracy, now.loss);
        // A line that wraps could not be drawn over; it ends between two numbers.
        winsize size{};
        const std::size_t columns = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
        std::string line(text);
        const std::size_t room = columns > 14 ? columns - 14 : 0;
        if (line.size() > room) line.resize(std::min(line.rfind("  ", room), room));
        const std::size_t filled = now.epoch * 10 / epochs_;
        std::fprintf(stderr, "\r\033[K[%s%s] %s", std::string(filled, '#').c_str(),
                     std::string(10 - filled, '.').c_str(), line.c_str());
        std::fflush(stderr);
        drawn_ = true;
    }

  private:
    std::size_t epochs_;
    std::size_t images_;
    std::size_t done_before_;
    bool on_terminal_;
    epoch_report best_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point shown_at_{};
};

}  // namespace qvit::tool
