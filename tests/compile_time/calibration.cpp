// SPDX-License-Identifier: Apache-2.0
// Standard headers only, and as much work and memory as the circuits beside it: what compile times are compared with.
// See within.sh.
#include <algorithm>
#include <complex>
#include <map>
#include <regex>
#include <string>
#include <vector>

std::complex<double> calibrate(const std::vector<std::string>& words, const std::string& pattern) {
    std::map<std::string, double> count;
    for (const std::string& word : words) count[word] += std::regex_match(word, std::regex(pattern)) ? 1 : 2;
    return std::max_element(count.begin(), count.end())->second;
}
