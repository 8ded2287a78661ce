// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// One block of memory that a pass over a block of images takes its tensors from: values from the front, gradients, which
/// start at zero, from the back.
///
/// Its size is planned before (see plan): nothing is allocated while training, and `reset` costs nothing. Who takes zeros
/// leaves zeros: the arena remembers how much of its end is still zero and does not write it again. A pass sets each
/// gradient back to zero where it was read last, in the nearest cache; to clear them all beforehand took a tenth of a
/// training step. Running out of it is a mistake in the program and ends it with a message. Not shared between threads.
class arena {
  public:
    /// Allocations start on a cache line, which is also the widest vector.
    static constexpr std::size_t alignment = 64;
    /// Bytes that `count` objects of T take.
    template <class T>
    static constexpr std::size_t bytes_for(std::size_t count) {
        return (count * sizeof(T) + alignment - 1) / alignment * alignment;
    }
    /// How much is taken at either end; `reach` counts what was given back to be shared.
    struct mark {
        std::size_t front = 0;
        std::size_t back = 0;
        std::size_t reach = 0;
    };

    explicit arena(std::size_t bytes)
        : size_(bytes_for<std::byte>(bytes)),
          memory_(static_cast<std::byte*>(::operator new (size_ + alignment, std::align_val_t{alignment}))) {}
    arena(arena&& other) noexcept
        : size_(other.size_), memory_(other.memory_), taken_(other.taken_), zeros_(other.zeros_) {
        other.memory_ = nullptr;
    }
    arena& operator=(arena&&) = delete;
    ~arena() { ::operator delete (memory_, std::align_val_t{alignment}); }

    void reset() { taken_ = {}; }
    /// What is taken now, and giving back all that was taken since.
    mark position() const { return taken_; }
    void rewind(mark before) { taken_ = before; }
    std::size_t size() const { return size_; }
    std::size_t used() const { return taken_.front + taken_.reach; }
    /// The gradients taken since `before` stay in use; who takes the next ones knows that they are never needed at once.
    void share_gradients(mark before) { taken_.back = before.back; }
    void stop_sharing() { taken_.back = taken_.reach; }
    /// Gradients were left behind that are not zero.
    void forget_zeros() { zeros_ = 0; }

    template <class T>
    T* allocate(std::size_t count) {
        const std::size_t bytes = bytes_for<T>(count);
        refuse_more_than_left(bytes);
        T* result = reinterpret_cast<T*>(memory_ + taken_.front);
        taken_.front += bytes;
        zeros_ = std::min(zeros_, size_ - taken_.front);
        return result;
    }
    /// `count` reals or lanes that are zero and must be zero again before they are taken anew.
    template <class T>
    T* allocate_zeros(std::size_t count) {
        const std::size_t bytes = bytes_for<T>(count);
        const std::size_t back = taken_.back + bytes;
        if (back > taken_.reach) {
            refuse_more_than_left(back - taken_.reach);
            taken_.reach = back;
        }
        taken_.back = back;
        if (taken_.back > zeros_) {
            std::memset(memory_ + (size_ - taken_.back), 0, taken_.back - zeros_);
            zeros_ = taken_.back;
        }
        return reinterpret_cast<T*>(memory_ + (size_ - taken_.back));
    }

  private:
    void refuse_more_than_left(std::size_t bytes) const {
        const std::size_t left = size_ - used();
        if (bytes <= left) return;
        std::fprintf(stderr, "qvit::arena: %zu bytes wanted, %zu of %zu are left; was the pass planned?\n", bytes, left,
                     size_);
        std::abort();
    }

    std::size_t size_;
    std::byte* memory_;
    mark taken_;
    std::size_t zeros_ = 0;  ///< bytes at the end that are zero, apart from gradients in use
};

}  // namespace qvit::inline QVIT_ABI
