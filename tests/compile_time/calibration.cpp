// SPDX-License-Identifier: Apache-2.0
// Standard headers only, about a second on an idle machine: what compile times are compared with. See within.sh.
#include <algorithm>
#include <complex>
#include <map>
#include <string>
#include <vector>

std::complex<double> calibrate(const std::vector<std::string>& words) {
    std::map<std::string, double> count;
    for (const std::string& word : words) count[word] += 1;
    return std::max_element(count.begin(), count.end())->second;
}
