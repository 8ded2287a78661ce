# qvit_warnings: the warnings of this project's own programs; qvit_project_options: all their flags. Never linked by
# qvit::qvit or qvit::data.
add_library(qvit_warnings INTERFACE)
target_compile_options(qvit_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 warns about its own AVX-512 intrinsics (GCC bug 105593) and its own std::string and std::equal (105651);
  # clang++ still looks for the first, the sanitizers for the second.
  target_compile_options(qvit_warnings INTERFACE
    -Wno-uninitialized -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overread -Wno-stringop-overflow)
endif()
if(QVIT_WERROR)
  target_compile_options(qvit_warnings INTERFACE -Werror)
endif()

add_library(qvit_project_options INTERFACE)
target_link_libraries(qvit_project_options INTERFACE qvit_warnings)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # -O3 with the inlining limits of -O2: what has to be inlined says so itself (QVIT_INLINE). The tool trains as fast and
  # compiles in two thirds of the time (teacher.cpp: 121 s, 75 s so).
  target_compile_options(qvit_project_options INTERFACE
    $<$<CONFIG:Release>:--param=max-inline-insns-auto=15> $<$<CONFIG:Release>:--param=inline-min-speedup=30>)
endif()

# Also kept as a list: the negative tests call the compiler themselves.
set(QVIT_MACHINE_FLAGS "")
if(QVIT_NATIVE)
  set(QVIT_MACHINE_FLAGS -march=native)
  target_compile_options(qvit_project_options INTERFACE ${QVIT_MACHINE_FLAGS})
endif()

if(QVIT_SANITIZE)
  set(sanitize -fsanitize=${QVIT_SANITIZE})
  # A check before every access makes the unrolled kernels four times as slow to compile, and AddressSanitizer sees
  # what these would: null and misplaced pointers.
  list(APPEND sanitize -fno-sanitize=null,alignment,object-size,pointer-overflow,vptr)
  target_compile_options(qvit_project_options INTERFACE ${sanitize} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(qvit_project_options INTERFACE ${sanitize})
endif()
