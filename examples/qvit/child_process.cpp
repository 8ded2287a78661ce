// SPDX-License-Identifier: Apache-2.0
#include "child_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

namespace qvit::tool {

child_process::child_process(const std::vector<std::string>& arguments, const std::filesystem::path& out,
                             const std::filesystem::path& err, const std::string& program) {
    std::vector<char*> words{const_cast<char*>(program.c_str())};  // exec does not write there
    for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    const pid_t parent = ::getpid();
    process_ = ::fork();
    if (process_ < 0) throw std::runtime_error(std::string("a run cannot be started: ") + std::strerror(errno));
    if (process_ > 0) {
        ::setpgid(process_, process_);  // both sides: whoever comes first
        return;
    }
    // Only calls that are safe between fork and exec from here on.
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const int in_file = ::open("/dev/null", O_RDONLY);
    const int out_file = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    const int err_file = err == out ? ::dup(out_file) : ::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (in_file < 0 || out_file < 0 || err_file < 0) ::_exit(126);
    ::dup2(in_file, STDIN_FILENO);
    ::dup2(out_file, STDOUT_FILENO);
    ::dup2(err_file, STDERR_FILENO);
    for (const int file : {in_file, out_file, err_file})
        if (file > STDERR_FILENO) ::close(file);
    ::execvp(program.c_str(), words.data());
    ::_exit(127);
}

std::optional<int> child_process::poll() {
    int status = 0;
    const pid_t ended = ::waitpid(process_, &status, WNOHANG);
    if (ended < 0 && errno != EINTR) throw std::runtime_error(std::string("a run was lost: ") + std::strerror(errno));
    if (ended != process_) return {};
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void child_process::signal(int number) const { ::kill(-process_, number); }

}  // namespace qvit::tool
