// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <qvit/core/config.hpp>
#include <qvit/io/crc32c.hpp>
#include <qvit/io/detail/file_handle.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
template <class Word>
std::string word_bytes(Word word) {
    const auto bytes = std::bit_cast<std::array<char, sizeof(Word)>>(word);
    return {bytes.data(), bytes.size()};
}
/// Protocol buffers: a field is its number * 8 + its kind (0 varint, 1 eight bytes, 2 text, 5 four bytes), then its
/// value.
inline std::string protobuf_varint(std::uint64_t value) {
    std::string out;
    for (; value >= 0x80; value >>= 7U) out += static_cast<char>(0x80U | (value & 0x7fU));
    return out += static_cast<char>(value);
}
inline std::string protobuf_field(unsigned number, unsigned kind, std::string_view value) {
    std::string out = protobuf_varint(number << 3U | kind);
    if (kind == 2) out += protobuf_varint(value.size());
    return out.append(value);
}
/// TFRecord: length, its masked CRC, the bytes, their masked CRC.
inline std::string tf_record(std::string_view bytes) {
    const auto masked = [](std::string_view part) { return word_bytes(std::rotr(crc32c(part), 15) + 0xa282ead8U); };
    const std::string length = word_bytes(std::uint64_t{bytes.size()});
    return length + masked(length) + std::string(bytes) + masked(bytes);
}
}  // namespace detail

/// Scalars for TensorBoard: an event file in the run's folder, whole records only, whatever ends the program.
///
/// Every opened file is a new one of the folder, as TensorBoard expects it; one that resumes a run names the first
/// step that it will write, and TensorBoard forgets what earlier files say of that step and later ones.
/// Cost: one write per scalar. Fails: io_error.
/// Source: tensorflow/core/util/event.proto, framework/summary.proto, lib/io/record_writer.h; tensorboard's
/// plugin_event_accumulator for the restart.
///
///     qvit::tensorboard_file events("run/");
///     events.scalar("validation/auc", auc, epoch);
class tensorboard_file {
  public:
    explicit tensorboard_file(const std::filesystem::path& folder, std::int64_t resumed_step = 0)
        : file_(folder / unused_name(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND) {
        event(0, detail::protobuf_field(3, 2, "brain.Event:2"));
        // SessionLog { status: START }
        if (resumed_step > 0) event(resumed_step, detail::protobuf_field(7, 2, detail::protobuf_field(1, 0, "\1")));
    }

    void scalar(std::string_view tag, double value, std::int64_t step) {
        using detail::protobuf_field;
        const std::string number = protobuf_field(2, 5, detail::word_bytes(static_cast<float>(value)));
        const std::string summary = protobuf_field(1, 2, protobuf_field(1, 2, tag) + number);
        event(step, protobuf_field(5, 2, summary));
    }

    [[nodiscard]] const std::filesystem::path& path() const { return file_.path(); }

  private:
    static double now() {
        return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    }

    static std::string unused_name() {
        static std::atomic<unsigned> number{0};
        std::array<char, 256> host{};
        if (::gethostname(host.data(), host.size() - 1) != 0) host = {'h', 'o', 's', 't'};
        // TensorBoard reads a folder's files in the order of their names: seconds first, of ten digits until 2286.
        return "events.out.tfevents." + std::to_string(static_cast<std::int64_t>(now())) + '.' + host.data() + '.' +
               std::to_string(::getpid()) + '.' + std::to_string(number++);
    }

    void event(std::int64_t step, std::string_view content) {
        using namespace detail;
        file_.write(tf_record(protobuf_field(1, 1, word_bytes(now())) +
                              protobuf_field(2, 0, protobuf_varint(static_cast<std::uint64_t>(step))) +
                              std::string(content)));
    }

    detail::file_handle file_;
};

}  // namespace qvit::inline QVIT_ABI
