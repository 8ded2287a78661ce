// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <qvit/circuit/pauli_frame.hpp>
#include <qvit/circuit/pauli_program.hpp>

namespace qvit::inline QVIT_ABI {

/// Writes a pauli_program (of any storage): append Clifford gates to `frame()`, add rotations, then what is measured;
/// `finish` ends it. Cost: O(rotations) per rotation at worst, usually O(1).
template <class Program>
class program_writer {
    static constexpr std::size_t max_width = Program::max_width;
    using string = pauli_string<max_width>;
    Program program_{};
    pauli_frame<max_width> frame_;
    // Rotations by a hash of their strings: 1 + the last of each bucket, and of each rotation 1 + the one before it.
    std::uint32_t last_in_[256]{};
    typename Program::template per_rotation<std::uint32_t> same_bucket_{};
    /// On few wires most strings overlap; on many, most do not, and which rotation was the last on a wire is noted.
    static constexpr bool sparse = max_width > 16;
    std::uint32_t last_on_[sparse ? max_width : 1]{};  // 1 + the last rotation whose string has the wire
    bool settled_ = true;

    /// How many quarter turns a constant angle is, or -1: those are Clifford.
    static constexpr int quarter_turns(const angle& a) {
        if (a.source != angle_source::constant) return -1;
        const double turns = a.offset / (pi / 2);
        if (!(turns > -1e6 && turns < 1e6)) return -1;
        const auto whole = static_cast<long>(turns < 0 ? turns - 0.5 : turns + 0.5);
        const double rest = turns - static_cast<double>(whole);
        return rest < 1e-15 && rest > -1e-15 ? static_cast<int>(((whole % 4) + 4) % 4) : -1;
    }

  public:
    constexpr program_writer(std::size_t width, bool amplitude_input) : frame_(width) {
        program_.width = width;
        program_.amplitude_input = amplitude_input;
    }

    /// The Clifford gates so far; append to it.
    constexpr pauli_frame<max_width>& frame() { return frame_; }

    constexpr string identity() const { return {}; }
    /// A Pauli string of one, two wires as it is before the Clifford gates so far.
    constexpr string pauli(operation kind, std::size_t wire) const { return frame_.image(kind, wire); }
    constexpr string pauli(operation kind_a, std::size_t a, operation kind_b, std::size_t b) const {
        string result = frame_.image(kind_a, a);
        result.multiply(frame_.image(kind_b, b), 0);
        return result;
    }

    /// exp(-i by axis / 2) about a string that `pauli` gave.
    constexpr void rotate(string axis, angle by) {
        if (axis.negative) {
            by = -by;
            axis.negative = false;
        }
        if (by.source == angle_source::constant && by.offset == 0) return;
        const std::size_t count = program_.rotations.size();
        const std::size_t bucket = bucket_of(axis);
        const std::size_t equal = last_equal(axis, bucket);
        if (equal < count && commutes_since(equal + 1, axis)) {
            add_source(equal, by);
            return;
        }
        if (axis.x.empty() && !program_.amplitude_input && commutes_since(0, axis)) return;  // a phase of |0..0>
        add_source(count, by);
        program_.rotations.push_back(axis);
        same_bucket_.push_back(last_in_[bucket]);
        last_in_[bucket] = static_cast<std::uint32_t>(count + 1);
        if constexpr (sparse) (axis.x | axis.z).for_each([&](std::size_t wire) { last_on_[wire] = last_in_[bucket]; });
    }
    /// The same about x, y or z of a wire; a constant quarter turn is Clifford.
    constexpr void rotate_wire(operation axis, std::size_t wire, const angle& by) {
        if (const int turns = quarter_turns(by); turns >= 0)
            frame_.append_quarter_turns(axis, wire, static_cast<unsigned>(turns));
        else
            rotate(pauli(axis, wire), by);
    }
    constexpr void measure(const string& observable) { program_.strings.push_back(frame_.image(observable)); }

    /// Writes a program again: rotations that constant angles made quarter turns are Clifford gates here, and those
    /// that have become neighbours are one.
    constexpr void write(const Program& program) {
        std::size_t source = 0;
        for (std::size_t i = 0; i < program.rotations.size(); ++i) {
            const std::size_t first = source;
            while (source < program.sources.size() && program.sources[source].rotation == i) ++source;
            const int turns = source == first + 1 ? quarter_turns(program.sources[first].value) : -1;
            if (turns >= 0) {
                frame_.append_quarter_turns(program.rotations[i], static_cast<unsigned>(turns));
                continue;
            }
            const string axis = frame_.image(program.rotations[i]);
            for (std::size_t k = first; k < source; ++k) rotate(axis, program.sources[k].value);
        }
        for (const string& measured : program.strings) measure(measured);
    }
    /// After `finish`: false where the program may become shorter when it is written again, because rotations cancelled
    /// or became quarter turns.
    constexpr bool settled() const { return settled_; }

    /// The program: equal sources of a rotation added up, and without rotations that no measured string depends on
    /// (looked for where there are at most 4096 pairs of wire and rotation) or whose angles cancel.
    constexpr Program finish() {
        const std::size_t count = program_.rotations.size();
        program_.uniform.resize(count);
        for (std::size_t i = 0; i < count; ++i) program_.uniform[i] = true;  // for now: whether it is kept
        if (count * program_.width <= 4096) {
            for (std::size_t i = count; i-- > 0;) program_.uniform[i] = is_seen(i);
        }
        Program result{};
        result.width = program_.width;
        result.amplitude_input = program_.amplitude_input;
        result.strings = program_.strings;
        for (std::size_t i = 0; i < count; ++i) {
            if (!program_.uniform[i]) continue;
            const std::size_t before = result.sources.size();
            add_up(i, result);
            const std::size_t after = result.sources.size();
            bool uniform = true;
            for (std::size_t s = before; s < after; ++s) {
                const angle added = result.sources[s].value;
                uniform = uniform && !added.reads_data();
                if (after == before + 1 && quarter_turns(added) >= 0) settled_ = false;
            }
            if (after == before) {
                settled_ = false;
                continue;
            }
            result.rotations.push_back(program_.rotations[i]);
            result.uniform.push_back(uniform);
        }
        return result;
    }

  private:
    /// A number below 256.
    static constexpr std::size_t bucket_of(const string& axis) {
        std::uint64_t mixed = 0;
        for (std::size_t i = 0; i < axis.x.word_count; ++i)
            mixed = (mixed ^ axis.x.words[i]) * 0x9e3779b97f4a7c15u + axis.z.words[i];
        return (mixed * 0x9e3779b97f4a7c15u) >> 56;
    }
    /// The last rotation about the same string, or how many there are.
    constexpr std::size_t last_equal(const string& axis, std::size_t bucket) const {
        for (std::size_t link = last_in_[bucket]; link != 0; link = same_bucket_[link - 1]) {
            const string other = program_.rotations[link - 1];
            if (other == axis) return link - 1;
        }
        return program_.rotations.size();
    }
    /// Whether a string commutes with the rotations from `first` on.
    constexpr bool commutes_since(std::size_t first, const string& axis) const {
        for (std::size_t i = last_overlapping(axis); i > first; --i) {
            const string other = program_.rotations[i - 1];
            if (other.anticommutes(axis)) return false;
        }
        return true;
    }
    /// At least 1 + the last rotation that has a wire with this string in common.
    constexpr std::size_t last_overlapping(const string& axis) const {
        if constexpr (!sparse) return program_.rotations.size();
        std::size_t last = 0;
        (axis.x | axis.z).for_each([&](std::size_t wire) {
            if (last_on_[wire] > last) last = last_on_[wire];
        });
        return last;
    }
    /// Whether a rotation anticommutes with a measured string or with a later rotation that is seen: with what commutes
    /// with all of them it commutes with their products, and none of them tells of it.
    constexpr bool is_seen(std::size_t rotation) const {
        const string axis = program_.rotations[rotation];
        for (std::size_t k = 0; k < program_.strings.size(); ++k) {
            const string measured = program_.strings[k];
            if (measured.anticommutes(axis)) return true;
        }
        for (std::size_t later = rotation + 1; later < program_.rotations.size(); ++later) {
            if (!program_.uniform[later]) continue;
            const string other = program_.rotations[later];
            if (other.anticommutes(axis)) return true;
        }
        return false;
    }
    /// Appends the sources of a rotation to a program, those that read the same thing as one.
    constexpr void add_up(std::size_t rotation, Program& into) const {
        const auto number = static_cast<std::uint32_t>(into.rotations.size());
        const std::size_t first = into.sources.size();
        double constant = 0;
        for (std::size_t link = first_[rotation]; link != 0; link = next_[link - 1]) {
            const angle a = program_.sources[link - 1].value;
            constant += a.offset;
            if (a.source == angle_source::constant) continue;
            std::size_t k = first;
            while (k < into.sources.size() && !reads_same(into.sources[k].value, a)) ++k;
            if (k == into.sources.size())
                into.sources.push_back({number, angle(a.source, a.index, a.second, a.scale)});
            else
                into.sources[k].value.scale += a.scale;
        }
        std::size_t kept = first;
        for (std::size_t k = first; k < into.sources.size(); ++k)
            if (into.sources[k].value.scale != 0) into.sources[kept++] = into.sources[k];
        into.sources.resize(kept);
        if (constant != 0) into.sources.push_back({number, angle(constant)});
    }
    static constexpr bool reads_same(const angle& a, const angle& b) {
        return a.source == b.source && a.index == b.index && a.second == b.second;
    }
    constexpr void add_source(std::size_t rotation, const angle& by) {
        program_.sources.push_back({static_cast<std::uint32_t>(rotation), by});
        next_.push_back(0);
        const auto link = static_cast<std::uint32_t>(program_.sources.size());
        if (rotation == first_.size()) {
            first_.push_back(link);
            last_.push_back(link);
        } else {
            next_[last_[rotation] - 1u] = link;
            last_[rotation] = link;
        }
    }
    // The sources of each rotation as a list: 1 + the position in program_.sources, 0 is the end.
    typename Program::template per_rotation<std::uint32_t> first_{};
    typename Program::template per_rotation<std::uint32_t> last_{};
    typename Program::template per_source<std::uint32_t> next_{};
};

}  // namespace qvit::inline QVIT_ABI
