// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include <qvit/circuit/angle.hpp>
#include <qvit/circuit/qasm_lexer.hpp>
#include <qvit/circuit/qasm_mistake.hpp>
#include <qvit/core/config.hpp>
#include <qvit/meta/constant_math.hpp>

namespace qvit::inline QVIT_ABI {

/// One step of an expression in postfix order. Operators are their characters, functions their first letters.
struct qasm_code {
    static constexpr char number = '#';
    static constexpr char parameter = 'p';
    static constexpr char negate = '~';
    static constexpr char sine = 's';
    static constexpr char cosine = 'c';
    static constexpr char tangent = 't';
    static constexpr char exponential = 'e';
    static constexpr char logarithm = 'l';
    static constexpr char root = 'r';

    char what = number;
    std::size_t at = 0;     ///< offset in the text, for a division by zero
    double value = 0;       ///< of a number
    std::size_t index = 0;  ///< of a parameter
};

inline constexpr int qasm_deepest_nesting = 64;

namespace detail {
/// base^power, infinite or NaN where OpenQASM's result would be no finite real number.
constexpr double qasm_power(double base, double power) {
    const bool whole = power > -1024 && power < 1024 && power == static_cast<int>(power);
    if (!whole) return power == 0 || base == 0 ? 0 : constant_math::exp(power * constant_math::log(base));
    double result = 1;
    for (int rest = static_cast<int>(power < 0 ? -power : power); rest > 0; rest /= 2) {
        if (base > 1e150 || base < -1e150) return std::numeric_limits<double>::infinity();
        if (rest % 2 != 0) result *= base;
        if (result > 1e150 || result < -1e150) return std::numeric_limits<double>::infinity();
        base *= base;
    }
    if (power < 0) return result == 0 ? std::numeric_limits<double>::infinity() : 1 / result;
    return result;
}
}  // namespace detail

/// Reads an expression and appends its steps to `codes`. `parameters` are the tokens of the names it may use. Binds as
/// usual: ^ (to the right) before the sign before * and / before + and -. The mistake is at the lexer's token.
/// Cost: one look at each word.
template <class Codes, class Names>
constexpr qasm_mistake read_qasm_expression(qasm_lexer& lexer, Codes& codes, const Names& parameters, int depth = 0,
                                            int least_binding = 1) {
    using enum qasm_mistake;
    if (depth > qasm_deepest_nesting) return nested_too_deeply;
    const qasm_token first = lexer.token;
    auto inner = [&](int binding) {
        lexer.advance();
        return read_qasm_expression(lexer, codes, parameters, depth + 1, binding);
    };
    auto closed = [&] {
        if (const qasm_mistake found = inner(1); found != none) return found;
        if (lexer.token.kind != ')') return expected_a_comma_or_bracket;
        lexer.advance();
        return none;
    };
    switch (first.kind) {
        case qasm_token::integer:
        case qasm_token::real:
            codes.push_back({qasm_code::number, first.begin, first.number, 0});
            lexer.advance();
            break;
        case '-':
            if (const qasm_mistake found = inner(3); found != none) return found;
            codes.push_back({qasm_code::negate, first.begin, 0, 0});
            break;
        case '(':
            if (const qasm_mistake found = closed(); found != none) return found;
            break;
        case qasm_token::name: {
            char function = 0;
            switch (first.word) {
                case qasm_word("sin"):
                    function = qasm_code::sine;
                    break;
                case qasm_word("cos"):
                    function = qasm_code::cosine;
                    break;
                case qasm_word("tan"):
                    function = qasm_code::tangent;
                    break;
                case qasm_word("exp"):
                    function = qasm_code::exponential;
                    break;
                case qasm_word("ln"):
                    function = qasm_code::logarithm;
                    break;
                case qasm_word("sqrt"):
                    function = qasm_code::root;
                    break;
                default:
                    break;
            }
            if (function != 0) {
                lexer.advance();
                if (lexer.token.kind != '(') return expected_a_comma_or_bracket;
                if (const qasm_mistake found = closed(); found != none) return found;
                codes.push_back({function, first.begin, 0, 0});
                break;
            }
            if (first.word == qasm_word("pi")) {
                codes.push_back({qasm_code::number, first.begin, pi, 0});
            } else {
                std::size_t i = 0;
                while (i < parameters.size() && !lexer.same_name(parameters[i], first)) ++i;
                if (i == parameters.size()) return unknown_parameter;
                codes.push_back({qasm_code::parameter, first.begin, 0, i});
            }
            lexer.advance();
            break;
        }
        default:
            return expected_an_expression;
    }
    while (true) {
        const qasm_token sign = lexer.token;
        int binding = 0;
        if (sign.kind == '+' || sign.kind == '-') binding = 1;
        if (sign.kind == '*' || sign.kind == '/') binding = 2;
        if (sign.kind == '^') binding = 4;
        if (binding == 0 || binding < least_binding) return none;
        if (const qasm_mistake found = inner(sign.kind == '^' ? binding : binding + 1); found != none) return found;
        codes.push_back({sign.kind, sign.begin, 0, 0});
    }
}

/// Evaluates steps [begin, end) on the stack `values`: whatever expressions they are, each leaves its value there.
/// Parameter i is values[base + i]. A mistake is at `where`. Values stay below 1e150 in magnitude.
template <class Codes, class Values>
constexpr qasm_mistake evaluate_qasm(const Codes& codes, std::size_t begin, std::size_t end, Values& values,
                                     std::size_t base, std::size_t& where) {
    using enum qasm_mistake;
    for (std::size_t i = begin; i < end; ++i) {
        const qasm_code& code = codes[i];
        where = code.at;
        if (code.what == qasm_code::number) {
            values.push_back(code.value);
            continue;
        }
        if (code.what == qasm_code::parameter) {
            const double given = values[base + code.index];
            values.push_back(given);
            continue;
        }
        const double right = values.back();
        double result = 0;
        switch (code.what) {
            case qasm_code::negate:
                result = -right;
                break;
            case qasm_code::sine:
            case qasm_code::cosine:
            case qasm_code::tangent:
                if (right > 1e6 || right < -1e6) return number_too_large;  // the reduction would lose digits
                result = code.what == qasm_code::cosine ? constant_math::cos(right)
                         : code.what == qasm_code::sine ? constant_math::sin(right)
                                                        : constant_math::tan(right);
                break;
            case qasm_code::exponential:
                if (right > 345) return number_too_large;
                result = constant_math::exp(right);
                break;
            case qasm_code::logarithm:
                if (right <= 0) return not_a_real_number;
                result = constant_math::log(right);
                break;
            case qasm_code::root:
                if (right < 0) return not_a_real_number;
                result = constant_math::sqrt(right);
                break;
            default: {
                values.resize(values.size() - 1);
                const double left = values.back();
                switch (code.what) {
                    case '+':
                        result = left + right;
                        break;
                    case '-':
                        result = left - right;
                        break;
                    case '*':
                        result = left * right;
                        break;
                    case '/':
                        if (right == 0) return division_by_zero;
                        if (right < 1e-150 && right > -1e-150) return number_too_large;
                        result = left / right;
                        break;
                    default:  // ^
                        if (left == 0 && right < 0) return division_by_zero;
                        if (left < 0 && !(right > -1024 && right < 1024 && right == static_cast<int>(right)))
                            return not_a_real_number;
                        if (left > 0 && right * constant_math::log(left) > 345) return number_too_large;
                        result = detail::qasm_power(left, right);
                }
            }
        }
        if (!(result <= 1e150 && result >= -1e150)) return number_too_large;
        values.back() = result;
    }
    return none;
}

}  // namespace qvit::inline QVIT_ABI
