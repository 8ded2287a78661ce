# cmake -DSTEP=... -D... -P check.cmake: one test of tests/package.
cmake_minimum_required(VERSION 3.25)

set(prefix "${BUILD}/prefix")

# Sets `result` and `output`.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err)
  set(result ${status} PARENT_SCOPE)
  set(output "${out}${err}" PARENT_SCOPE)
endfunction()

function(must_work)
  run(${ARGN})
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}: status ${result}\n${output}")
  endif()
endfunction()

# The configure command of a consumer, afresh.
set(consumer "${SCRATCH}/${STEP}")
file(REMOVE_RECURSE "${consumer}")
function(configure_command variable project)
  set(${variable} "${CMAKE_COMMAND}" -S "${HERE}/${project}" -B "${consumer}" -G "${GENERATOR}"
      "-DCMAKE_CXX_COMPILER=${COMPILER}" -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_PREFIX_PATH=${prefix}"
      "-DQVIT_XSIMD_INCLUDE_DIR=${XSIMD}" "-DQVIT_BOOST_INCLUDE_DIR=${BOOST}" -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF
      ${ARGN} PARENT_SCOPE)
endfunction()

function(must_build_and_run project)
  configure_command(configure ${project} ${ARGN})
  must_work(${configure})
  must_work("${CMAKE_COMMAND}" --build "${consumer}")
  must_work("${consumer}/consumer" "${VERSION}")
endfunction()

function(must_be_refused project text)
  configure_command(configure ${project} ${ARGN})
  run(${configure})
  string(REGEX REPLACE "[ \n]+" " " output "${output}")  # CMake breaks the lines of a message
  string(FIND "${output}" "${text}" found)
  if(result EQUAL 0 OR found EQUAL -1)
    message(FATAL_ERROR "expected a refusal with '${text}', found status ${result} and\n${output}")
  endif()
endfunction()

if(STEP STREQUAL "install")
  file(REMOVE_RECURSE "${prefix}")
  must_work("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}")
elseif(STEP STREQUAL "find_package")
  must_build_and_run(find_package -DCOMPONENTS=data)
elseif(STEP STREQUAL "add_subdirectory")
  must_build_and_run(add_subdirectory "-DQVIT_DIR=${SOURCE}")
elseif(STEP STREQUAL "without_zlib")
  must_build_and_run(find_package -DCMAKE_DISABLE_FIND_PACKAGE_ZLIB=ON)
elseif(STEP STREQUAL "data_without_zlib")
  must_be_refused(find_package "qvit's component data needs zlib" -DCOMPONENTS=data
                  -DCMAKE_DISABLE_FIND_PACKAGE_ZLIB=ON)
elseif(STEP STREQUAL "other_version")
  must_be_refused(find_package "version: ${VERSION}" -DQVIT_VERSION=99.0)
else()
  message(FATAL_ERROR "no step '${STEP}'")
endif()
