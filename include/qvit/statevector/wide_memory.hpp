// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include <qvit/circuit/table.hpp>
#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// An array of zeros; aligned to 64 bytes, from 2 MB on to huge pages (without them a pass over high wires misses the
/// TLB at every chunk). Empty where the memory is not there. Moves, does not copy.
template <std::floating_point R>
class wide_memory {
  public:
    wide_memory() = default;
    explicit wide_memory(std::size_t count) {
        constexpr std::size_t huge_page = std::size_t{1} << 21;
        const std::size_t alignment = count * sizeof(R) >= huge_page ? huge_page : 64;
        const std::size_t bytes = (count * sizeof(R) + alignment - 1) / alignment * alignment;
        void* const block = std::aligned_alloc(alignment, bytes);
        if (block == nullptr) return;
#if defined(MADV_HUGEPAGE)
        if (bytes >= huge_page) madvise(block, bytes, MADV_HUGEPAGE);  // advice: refusal costs time only
#endif
        data_.reset(static_cast<R*>(block));
        for (std::size_t i = 0; i < count; ++i) data_[i] = R(0);
    }
    R* data() { return data_.get(); }
    const R* data() const { return data_.get(); }
    explicit operator bool() const { return data_ != nullptr; }

  private:
    struct free_block {
        void operator()(R* block) const { std::free(block); }
    };
    std::unique_ptr<R[], free_block> data_;
};

/// Bytes of physical memory that are free or can be freed; 0 where the system does not say.
inline std::size_t available_memory() {
    // Linux says it in kB, with what the page cache can give back.
    if (std::FILE* const file = std::fopen("/proc/meminfo", "r")) {
        char line[128];
        unsigned long long kilobytes = 0;
        while (kilobytes == 0 && std::fgets(line, sizeof line, file) != nullptr)
            if (std::strncmp(line, "MemAvailable:", 13) == 0) kilobytes = std::strtoull(line + 13, nullptr, 10);
        std::fclose(file);
        if (kilobytes != 0) return static_cast<std::size_t>(kilobytes) * 1024;
    }
#if defined(_SC_AVPHYS_PAGES)
    const long pages = sysconf(_SC_AVPHYS_PAGES);
    const long page = sysconf(_SC_PAGESIZE);
    if (pages > 0 && page > 0) return static_cast<std::size_t>(pages) * static_cast<std::size_t>(page);
#endif
    return 0;
}

/// Empty where a state of `width` wires fits into memory, else what is wrong, in one line. Allocates no amplitudes. The
/// unused lines between runs take up to an 83rd more than the amplitudes.
inline std::string why_not_wide(std::size_t width, std::size_t bytes_per_amplitude) {
    const std::string wires = "[qvit::wide_statevector] " + std::to_string(width) + " wires ";
    if (width == 0) return wires + "are no register: it has at least 1";
    if (width > wide_statevector_max_width)
        return wires + "are too many: 2^" + std::to_string(width) + " amplitudes cannot be addressed";
    const auto bytes_of = [=](std::size_t wires_there) {
        const std::size_t amplitudes = bytes_per_amplitude << wires_there;
        return amplitudes + amplitudes / 83;
    };
    const std::size_t bytes = bytes_of(width);
    const std::size_t available = available_memory();
    if (available == 0 || bytes <= available) return {};
    std::size_t most = 0;
    while (most < width && bytes_of(most + 1) <= available) ++most;
    return wires + "need " + std::to_string(bytes >> 20) + " MiB and " + std::to_string(available >> 20) +
           " MiB are free; at most " + std::to_string(most) + " wires fit";
}

}  // namespace qvit::inline QVIT_ABI
