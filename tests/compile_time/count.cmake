# Counts what clang++ instantiates and compares with the baseline of this compiler. For the least instruction set: a wider one
# has a few intrinsics more.
set(trace "${FOLDER}/deep_circuit_trace.json")
execute_process(
  COMMAND "${COMPILER}" ${FLAGS} -O0 -c -ftime-trace -ftime-trace-granularity=0 "${SOURCE}"
          -o "${FOLDER}/deep_circuit_trace.o"
  RESULT_VARIABLE status ERROR_VARIABLE errors)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "deep_circuit.cpp does not compile:\n${errors}")
endif()
execute_process(COMMAND grep -oE "\"name\":\"Instantiate(Function|Class)\"" "${trace}" OUTPUT_VARIABLE found)
string(REGEX MATCHALL "Instantiate" found "${found}")
list(LENGTH found count)
string(REGEX MATCH "^[0-9]+" major "${VERSION}")
file(STRINGS "${BASELINE}" line REGEX "^clang ${major} ")
if(line STREQUAL "")
  message(STATUS "no baseline for this compiler, clang ${major}: ${count} instantiations")
  return()
endif()
string(REGEX REPLACE "^clang ${major} " "" expected "${line}")
math(EXPR most "${expected} * 102 / 100")
math(EXPR least "${expected} * 90 / 100")
if(count GREATER most OR count LESS least)
  message(FATAL_ERROR "${count} functions and classes instantiated; baseline.txt says ${expected} "
                      "(accepted: ${least} to ${most}). If that is meant, write the new number down.")
endif()
message(STATUS "${count} instantiations, baseline ${expected}")
