// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <new>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// One block of memory that a pass over a block of images takes its tensors from, front to back.
///
/// Its size is planned before (see plan): nothing is allocated while training, and `reset` costs nothing.
/// Running out of it is a mistake in the program and ends it with a message. Not shared between threads.
class arena {
  public:
    /// Allocations start on a cache line, which is also the widest vector.
    static constexpr std::size_t alignment = 64;
    /// Bytes that `count` objects of T take.
    template <class T>
    static constexpr std::size_t bytes_for(std::size_t count) {
        return (count * sizeof(T) + alignment - 1) / alignment * alignment;
    }

    explicit arena(std::size_t bytes)
        : memory_(static_cast<std::byte*>(::operator new (bytes + alignment, std::align_val_t{alignment}))),
          size_(bytes) {}
    arena(arena&& other) noexcept : memory_(other.memory_), size_(other.size_), used_(other.used_) {
        other.memory_ = nullptr;
    }
    arena& operator=(arena&&) = delete;
    ~arena() { ::operator delete (memory_, std::align_val_t{alignment}); }

    void reset() { used_ = 0; }
    /// Gives back what was taken since `used()` was `bytes`.
    void rewind(std::size_t bytes) { used_ = bytes; }
    std::size_t size() const { return size_; }
    std::size_t used() const { return used_; }

    template <class T>
    T* allocate(std::size_t count) {
        const std::size_t bytes = bytes_for<T>(count);
        if (bytes > size_ - used_) {
            std::fprintf(stderr, "qvit::arena: %zu bytes wanted, %zu of %zu are left; was the pass planned?\n", bytes,
                         size_ - used_, size_);
            std::abort();
        }
        T* result = reinterpret_cast<T*>(memory_ + used_);
        used_ += bytes;
        return result;
    }

  private:
    std::byte* memory_;
    std::size_t size_;
    std::size_t used_ = 0;
};

}  // namespace qvit::inline QVIT_ABI
