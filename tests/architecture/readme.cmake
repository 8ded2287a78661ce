# The program in README.md is examples/01_train_your_own.cpp, to the letter, less its licence line.
file(READ "${ROOT}/README.md" readme)
file(READ "${ROOT}/examples/01_train_your_own.cpp" program)
string(REGEX REPLACE "^// SPDX[^\n]*\n" "" program "${program}")
string(FIND "${readme}" "```cpp\n${program}```" at)
if(at EQUAL -1)
  message(FATAL_ERROR "README.md: expected a ```cpp block with the text of examples/01_train_your_own.cpp, found none")
endif()
