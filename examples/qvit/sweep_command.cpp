// SPDX-License-Identifier: Apache-2.0
#include "sweep_command.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <qvit/data/bad_input.hpp>
#include <qvit/data/csv_text.hpp>
#include <qvit/data/input_file.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/io/atomic_file.hpp>
#include <qvit/io/csv_file.hpp>
#include <qvit/io/number_text.hpp>

#include "arguments.hpp"
#include "child_process.hpp"
#include "folder_lock.hpp"
#include "interrupt.hpp"
#include "json_line.hpp"
#include "sweep_plan.hpp"

namespace qvit::tool {

namespace {
namespace fs = std::filesystem;
using clock = std::chrono::steady_clock;
using row = std::vector<std::string>;

const row keys{"data", "model", "options", "seed"};
/// Taken from the JSON object that `qvit train --json` prints; a run without one of `needed` has failed.
const row needed{"params",  "attention_params", "best_epoch", "val_auc",
                 "val_acc", "test_auc",         "test_acc",   "train_seconds"};
const row optional{"multiply_adds", "images_per_second"};

row columns() {
    row all = keys;
    all.insert(all.end(), needed.begin(), needed.end());
    all.insert(all.end(), optional.begin(), optional.end());
    return all;
}

row key_of(const sweep_cell& cell) { return {cell.data, cell.model, cell.options, cell.seed}; }

std::string content(const fs::path& path) {
    input_file file(path);
    std::string text(static_cast<std::size_t>(file.size()), '\0');
    file.read_at(0, std::as_writable_bytes(std::span(text)));
    return text;
}

std::string last_line(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text.substr(text.find_last_of("\n\r") + 1);  // npos + 1 is 0
}

double seconds_since(clock::time_point then) { return std::chrono::duration<double>(clock::now() - then).count(); }

/// A signal that ends a program waits until the loop below asks for it, and SIGCHLD wakes that loop.
class held_signals {
  public:
    held_signals() {
        std::signal(SIGCHLD, SIG_DFL);  // a parent may have it ignored, and then no child could be waited for
        sigemptyset(&held_);
        for (const int number : {SIGCHLD, SIGINT, SIGTERM, SIGHUP}) sigaddset(&held_, number);
        ::sigprocmask(SIG_BLOCK, &held_, &before_);
    }
    held_signals(const held_signals&) = delete;
    held_signals& operator=(const held_signals&) = delete;
    ~held_signals() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }

    /// Waits for a signal, a quarter of a second at most. Was it one that ends the program?
    bool wait() {
        const timespec most{0, 250'000'000};
        const int number = sigtimedwait(&held_, nullptr, &most);
        if (number <= 0 || number == SIGCHLD) return false;
        // The same signal often comes twice, to the program and to its group; the second must not end it before it has
        // stopped its runs and said so.
        for (const int other : {SIGINT, SIGTERM, SIGHUP}) std::signal(other, SIG_IGN);
        return true;
    }

  private:
    sigset_t held_{}, before_{};
};

/// One line on stderr: drawn anew on a terminal, elsewhere one for every run that ended.
class sweep_display {
  public:
    sweep_display(std::size_t cells, std::size_t done) : cells_(cells), before_(done), done_(done) {}
    ~sweep_display() {
        if (drawn_) std::fputc('\n', stderr);
    }
    sweep_display(const sweep_display&) = delete;
    sweep_display& operator=(const sweep_display&) = delete;

    void ended(const std::string& what) {
        ++done_;
        if (on_terminal_) return;
        std::fprintf(stderr, "run %zu/%zu  %s\n", done_, cells_, printable(what, 160).c_str());
    }
    void draw(std::size_t running, std::size_t failed) {
        if (!on_terminal_) return;
        winsize size{};
        const std::size_t width = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
        std::string line = "run " + std::to_string(done_) + "/" + std::to_string(cells_) + "  " +
                           std::to_string(running) + " running" +
                           (failed > 0 ? "  " + std::to_string(failed) + " failed" : "") + "  " + left();
        line.resize(std::min(line.size(), width - 1));  // a line that wraps could not be drawn over
        std::fprintf(stderr, "\r\033[K%s", line.c_str());
        std::fflush(stderr);
        drawn_ = true;
    }

  private:
    std::string left() const {
        if (done_ == before_) return "";
        const double one = seconds_since(started_) / static_cast<double>(done_ - before_);
        return number_text(one * static_cast<double>(cells_ - done_), 0) + " s left";
    }

    std::size_t cells_, before_, done_;
    bool on_terminal_ = isatty(STDERR_FILENO) != 0, drawn_ = false;
    clock::time_point started_ = clock::now();
};

struct running_cell {
    std::size_t cell;
    fs::path out, err;
    child_process process;
};
struct failed_cell {
    std::size_t cell;
    int status;
    std::string reason;
    fs::path log;
};

/// "0007_retinamnist_qvit4_base_3": the number makes it the only one, the rest is for people.
std::string log_name(const sweep_cell& cell, std::size_t number) {
    const std::string digits = std::to_string(number + 1);
    std::string name = std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
    for (const std::string& part : {fs::path(cell.data).stem().string(), cell.model, cell.options, cell.seed}) {
        name += '_';
        for (const char c : part.substr(0, 40))
            name += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ? c : '-';
    }
    return name;
}

/// The row of a run that ended well, its images added to `images`; bad_input says what its result lacks.
row result_row(const sweep_cell& cell, const fs::path& out, double& images) {
    nlohmann::json result;
    try {
        result = nlohmann::json::parse(last_line(content(out)));
    } catch (const nlohmann::json::exception&) {
        throw bad_input("its result is no JSON object");
    }
    row cells = key_of(cell);
    for (const row* names : {&needed, &optional})
        for (const std::string& name : *names) {
            const auto found = result.is_object() ? result.find(name) : result.end();
            const bool number = result.is_object() && found != result.end() && found->is_number();
            if (!number && names == &needed) throw bad_input("its result has no number '" + name + "'");
            cells.push_back(!number                    ? ""
                            : found->is_number_float() ? number_text(found->get<double>())
                                                       : found->dump());
        }
    if (!cells.back().empty())
        images += result["images_per_second"].get<double>() * result["train_seconds"].get<double>();
    return cells;
}

/// The folder's plan is this one, or there is none yet.
void keep_plan(const fs::path& folder, const sweep_plan& plan) {
    const fs::path kept = folder / "plan.json";
    std::error_code ignored;
    if (!fs::exists(kept, ignored)) return write_file(kept, plan.text);
    const std::string change = plan_change(content(kept), plan.text);
    if (!change.empty())
        throw bad_input(printable(folder.string()) + " holds another sweep: " + change +
                        "; name another folder or take the old plan");
}

/// Runs end in any order; a table that does not depend on it is in the plan's.
void put_in_order(const fs::path& path, std::vector<row> rows, const std::map<row, std::size_t>& cell_of) {
    const auto place = [&](const row& r) {
        return cell_of.at(row(r.begin(), r.begin() + static_cast<std::ptrdiff_t>(keys.size())));
    };
    const auto earlier = [&](const row& a, const row& b) { return place(a) < place(b); };
    if (std::is_sorted(rows.begin(), rows.end(), earlier)) return;
    std::sort(rows.begin(), rows.end(), earlier);
    std::string text = csv_line(columns());
    for (const row& one : rows) text += csv_line(one);
    write_file(path, text);
}

/// Asks the runs to stop, and after ten seconds no longer asks.
void stop(std::vector<running_cell>& running) {
    for (const running_cell& one : running) one.process.signal(SIGINT);
    const auto asked = clock::now();
    bool killed = false;
    while (!running.empty()) {
        std::erase_if(running, [](running_cell& one) { return one.process.poll().has_value(); });
        if (!killed && seconds_since(asked) > 10) {
            for (const running_cell& one : running) one.process.signal(SIGKILL);
            killed = true;
        }
        const timespec pause{0, 20'000'000};
        ::nanosleep(&pause, nullptr);
    }
}
}  // namespace

void add_sweep(CLI::App& app, sweep_arguments& a) {
    auto& command = *app.add_subcommand("sweep", "train every model on every data set with every seed and option set");
    command
        .add_option("plan", a.plan,
                    "a JSON file: {\"data\": [...], \"model\": [...], \"seed\": [...], \"options\": "
                    "[{\"name\": ..., options of train}], \"common\": {options of train}}")
        ->required();
    command.add_option("--out", a.out, "folder of results.csv and logs; a sweep that was stopped goes on there")
        ->required();
    command.add_option("--jobs", a.jobs, "runs at a time")->check(whole_number(1, 1024))->capture_default_str();
    command.add_flag("--json", a.json, "print a summary as one JSON object");
    a.train = app.get_subcommand("train");
}

int run_sweep(const sweep_arguments& arguments) {
    const sweep_plan plan = read_sweep_plan(arguments.plan, *arguments.train);
    const fs::path folder = arguments.out;
    make_folder(folder / "logs");
    csv_file results(folder / "results.csv", columns());  // locked from here on
    keep_plan(folder, plan);

    std::map<row, std::size_t> cell_of;
    for (std::size_t i = 0; i < plan.cells.size(); ++i) cell_of[key_of(plan.cells[i])] = i;
    std::vector<char> done(plan.cells.size());
    std::size_t done_before = 0;
    for (const row& kept : results.rows()) {
        const auto found = cell_of.find(row(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(keys.size())));
        if (found == cell_of.end() || done[found->second] != 0)
            throw bad_input(printable((folder / "results.csv").string()) +
                            ": a row is not the plan's or there twice: " + printable(csv_line(kept), 200));
        done[found->second] = 1;
        ++done_before;
    }

    held_signals signals;
    std::vector<running_cell> running;
    std::vector<failed_cell> failed;
    const auto started = clock::now();
    double images = 0;
    std::size_t next = 0, well = 0;
    bool interrupted_now = false;
    {
        sweep_display display(plan.cells.size(), done_before);
        for (;;) {
            for (; running.size() < arguments.jobs && next < plan.cells.size(); ++next) {
                if (done[next] != 0) continue;
                const fs::path log = folder / "logs" / log_name(plan.cells[next], next);
                std::vector<std::string> words{"train"};
                words.insert(words.end(), plan.cells[next].words.begin(), plan.cells[next].words.end());
                const fs::path out = log.string() + ".json", err = log.string() + ".log";
                running.push_back({next, out, err, child_process(words, out, err)});
            }
            if (running.empty()) break;
            display.draw(running.size(), failed.size());
            if (signals.wait()) {
                interrupted_now = true;
                stop(running);
                break;
            }
            for (running_cell& one : running) {
                const auto status = one.process.poll();
                if (!status) continue;
                const sweep_cell& cell = plan.cells[one.cell];
                std::string outcome;
                try {
                    if (*status != 0) throw bad_input(last_line(content(one.err)));
                    results.append(result_row(cell, one.out, images));
                    ++well;
                    outcome = "test AUC " + results.rows().back()[keys.size() + 5];
                } catch (const bad_input& reason) {
                    failed.push_back({one.cell, *status, reason.what(), one.err});
                    outcome = "failed";
                }
                done[one.cell] = 2;
                display.ended(cell.data + " " + cell.model + " " + cell.options + " seed " + cell.seed + "  " +
                              outcome);
            }
            std::erase_if(running, [&](const running_cell& one) { return done[one.cell] == 2; });
        }
    }
    const double seconds = seconds_since(started);
    put_in_order(folder / "results.csv", results.rows(), cell_of);
    std::string failures = csv_line(row{"data", "model", "options", "seed", "status", "reason", "log"});
    for (const failed_cell& one : failed) {
        row cells = key_of(plan.cells[one.cell]);
        cells.insert(cells.end(), {std::to_string(one.status), printable(one.reason, 400), one.log.string()});
        failures += csv_line(cells);
        std::fprintf(stderr, "qvit: failed with status %d: %s: %s (%s)\n", one.status,
                     printable(cells[0] + " " + cells[1] + " " + cells[2] + " seed " + cells[3], 200).c_str(),
                     printable(one.reason, 300).c_str(), printable(one.log.string()).c_str());
    }
    write_file(folder / "failures.csv", failures);
    if (interrupted_now) throw interrupted{};
    const double rate = images > 0 ? images / seconds : 0;
    if (arguments.json) {
        nlohmann::ordered_json json;
        json["runs"] = plan.cells.size();
        json["trained_now"] = well;
        json["kept"] = done_before;
        json["failed"] = failed.size();
        json["seconds"] = seconds;
        json["images_per_second"] = images > 0 ? nlohmann::ordered_json(rate) : nlohmann::ordered_json();
        json["results"] = (folder / "results.csv").string();
        std::printf("%s\n", as_line(json).c_str());
    } else {
        std::printf("%zu runs trained in %.1f s, %zu kept, %zu failed: %s\n", well, seconds, done_before, failed.size(),
                    printable((folder / "results.csv").string()).c_str());
        if (images > 0) std::printf("%.0f images/s over all runs, %zu at a time\n", rate, arguments.jobs);
    }
    return failed.empty() ? 0 : 1;
}

}  // namespace qvit::tool
