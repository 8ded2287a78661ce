// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/circuit/angle.hpp>
#include <qvit/circuit/gate.hpp>
#include <qvit/meta/static_vector.hpp>

namespace qvit::inline QVIT_ABI {

/// One evaluation of a parameter-shift rule: the function with the angle increased by `shift`, times `coefficient`.
struct shifted_term {
    double shift = 0;
    double coefficient = 0;
};

/// How to differentiate by an angle t of a gate from evaluations alone: df/dt = sum coefficient f(t + shift), exactly,
/// for every expectation value f. Empty for a gate without angles. Each of u3's and rot's angles has the same rule.
///
/// A gate exp(-i t G), G with eigenvalues g_j, makes f a constant plus sines and cosines of w t, the frequencies w
/// being the differences |g_j - g_k|.
/// - One frequency w = 1: [f(t + pi/2) - f(t - pi/2)] / 2. RX, RY, RZ, RXX, RYY, RZZ: G = P / 2, eigenvalues -+1/2;
///   P and CP: G = -|1><1| and -|11><11|, eigenvalues 0 and -1. U3 and Rot are products of RZ, RY, RZ up to a phase.
/// - Two, w = 1/2 and 1: a [f(t + pi/2) - f(t - pi/2)] - b [f(t + 3 pi/2) - f(t - 3 pi/2)]. Applied to sin wt at t = 0
///   this asks 2 a sin(w pi/2) - 2 b sin(3 w pi/2) = w: sqrt(2) (a - b) = 1/2 and 2 (a + b) = 1, so
///   a, b = (sqrt(2) +- 1) / (4 sqrt(2)). CRX, CRY, CRZ: the eigenvalues are 0, where the control is 0, and -+1/2
///   (arXiv 2104.05695; general rules: 2107.12390).
/// - RBS(t) = exp(-i t (X_a Y_b - Y_a X_b) / 2). On the states where one wire is 1 the generator is -+i off the
///   diagonal, eigenvalues -+1; on 00 and 11 it is 0. Frequencies 1 and 2: the rule for 1/2 and 1 in the variable
///   2 t, so shifts pi/4 and 3 pi/4 and coefficients 2 a and 2 b.
///
///     for (const shifted_term& term : parameter_shift_rule(crx)) derivative += term.coefficient * f(t + term.shift);
constexpr static_vector<shifted_term, 4> parameter_shift_rule(operation kind) {
    constexpr double root = 1.41421356237309504880;
    constexpr double a = (root + 1) / (4 * root);
    constexpr double b = (root - 1) / (4 * root);
    static_vector<shifted_term, 4> rule;
    const auto add = [&rule](double shift, double coefficient) {
        rule.push_back({shift, coefficient});
        rule.push_back({-shift, -coefficient});
    };
    if (angles_of(kind) == 0) return rule;
    if (kind == rbs) {
        add(pi / 4, 2 * a);
        add(3 * pi / 4, -2 * b);
    } else if (kind == crx || kind == cry || kind == crz) {
        add(pi / 2, a);
        add(3 * pi / 2, -b);
    } else {
        add(pi / 2, 0.5);
    }
    return rule;
}

}  // namespace qvit::inline QVIT_ABI
