# Finds what qvit stands on, for the source tree and for an installed copy alike, and defines
#   qvit::xsimd  qvit::hana   when QVIT_CORE_FOUND; otherwise QVIT_CORE_MISSING says what is needed
#   qvit::libmd  qvit::stb  ZLIB::ZLIB  PNG::PNG  Threads::Threads   when QVIT_DATA_FOUND; otherwise QVIT_DATA_MISSING says what is needed
#
# xsimd and Boost.Hana are headers only, so their include directory is all that is asked for. Debian's own xsimd
# target cannot be used: it links a library `xtl` that its package does not contain.
# To use a copy elsewhere set CMAKE_PREFIX_PATH, or QVIT_XSIMD_INCLUDE_DIR and QVIT_BOOST_INCLUDE_DIR.

set(QVIT_XSIMD_MINIMUM 8.1)
set(QVIT_BOOST_MINIMUM 1.74)
set(QVIT_CORE_MISSING "")
set(QVIT_DATA_MISSING "")

function(_qvit_headers target include_dir)
  if(NOT TARGET ${target})
    add_library(${target} INTERFACE IMPORTED)
    set_target_properties(${target} PROPERTIES
      INTERFACE_INCLUDE_DIRECTORIES "${include_dir}" INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${include_dir}")
  endif()
endfunction()

find_path(QVIT_XSIMD_INCLUDE_DIR NAMES xsimd/xsimd.hpp HINTS "${xsimd_SOURCE_DIR}/include" DOC "Where xsimd/xsimd.hpp is")
mark_as_advanced(QVIT_XSIMD_INCLUDE_DIR)
set(QVIT_XSIMD_VERSION "none")
if(QVIT_XSIMD_INCLUDE_DIR)
  file(STRINGS "${QVIT_XSIMD_INCLUDE_DIR}/xsimd/config/xsimd_config.hpp" _qvit_lines
       REGEX "^#define XSIMD_VERSION_(MAJOR|MINOR|PATCH) +[0-9]+")
  list(TRANSFORM _qvit_lines REPLACE "^#define [A-Z_]+ +([0-9]+).*$" "\\1")
  list(JOIN _qvit_lines "." QVIT_XSIMD_VERSION)
endif()
if(QVIT_XSIMD_INCLUDE_DIR AND QVIT_XSIMD_VERSION VERSION_GREATER_EQUAL QVIT_XSIMD_MINIMUM)
  _qvit_headers(qvit::xsimd "${QVIT_XSIMD_INCLUDE_DIR}")
else()
  list(APPEND QVIT_CORE_MISSING "xsimd ${QVIT_XSIMD_MINIMUM} or newer (found: ${QVIT_XSIMD_VERSION}, Debian: libxsimd-dev)")
endif()

find_path(QVIT_BOOST_INCLUDE_DIR NAMES boost/hana.hpp HINTS "${Boost_INCLUDE_DIRS}" "$ENV{BOOST_ROOT}/include"
          DOC "Where boost/hana.hpp is")
mark_as_advanced(QVIT_BOOST_INCLUDE_DIR)
set(QVIT_BOOST_VERSION "none")
if(QVIT_BOOST_INCLUDE_DIR)
  # BOOST_VERSION is major * 100000 + minor * 100 + patch.
  file(STRINGS "${QVIT_BOOST_INCLUDE_DIR}/boost/version.hpp" _qvit_lines REGEX "^#define BOOST_VERSION [0-9]+")
  string(REGEX MATCH "[0-9]+" _qvit_number "${_qvit_lines}")
  math(EXPR _qvit_major "${_qvit_number} / 100000")
  math(EXPR _qvit_minor "${_qvit_number} / 100 % 1000")
  set(QVIT_BOOST_VERSION "${_qvit_major}.${_qvit_minor}")
endif()
if(QVIT_BOOST_INCLUDE_DIR AND QVIT_BOOST_VERSION VERSION_GREATER_EQUAL QVIT_BOOST_MINIMUM)
  _qvit_headers(qvit::hana "${QVIT_BOOST_INCLUDE_DIR}")
else()
  list(APPEND QVIT_CORE_MISSING
       "Boost.Hana of Boost ${QVIT_BOOST_MINIMUM} or newer (found: ${QVIT_BOOST_VERSION}, Debian: libboost-dev)")
endif()

find_package(ZLIB QUIET)
if(NOT TARGET ZLIB::ZLIB)
  list(APPEND QVIT_DATA_MISSING "zlib (Debian: zlib1g-dev)")
endif()
find_package(PNG QUIET)
if(NOT TARGET PNG::PNG)
  list(APPEND QVIT_DATA_MISSING "libpng (Debian: libpng-dev)")
endif()
find_package(Threads QUIET)
if(NOT TARGET Threads::Threads)
  list(APPEND QVIT_DATA_MISSING "a thread library")
endif()
find_path(QVIT_LIBMD_INCLUDE_DIR NAMES md5.h DOC "Where libmd's md5.h is")
find_library(QVIT_LIBMD_LIBRARY NAMES md DOC "libmd")
mark_as_advanced(QVIT_LIBMD_INCLUDE_DIR QVIT_LIBMD_LIBRARY)
if(QVIT_LIBMD_INCLUDE_DIR AND QVIT_LIBMD_LIBRARY)
  _qvit_headers(qvit::libmd "${QVIT_LIBMD_INCLUDE_DIR}")
  set_target_properties(qvit::libmd PROPERTIES INTERFACE_LINK_LIBRARIES "${QVIT_LIBMD_LIBRARY}")
else()
  list(APPEND QVIT_DATA_MISSING "libmd (Debian: libmd-dev)")
endif()

# stb_image is a header that one source file must compile; Debian's libstb is that file. Elsewhere set QVIT_STB_LIBRARY
# to a library (or target) of your own that defines STB_IMAGE_IMPLEMENTATION.
find_path(QVIT_STB_INCLUDE_DIR NAMES stb/stb_image.h DOC "Where stb/stb_image.h is")
find_library(QVIT_STB_LIBRARY NAMES stb DOC "A library with stb_image compiled")
mark_as_advanced(QVIT_STB_INCLUDE_DIR QVIT_STB_LIBRARY)
if(QVIT_STB_INCLUDE_DIR AND QVIT_STB_LIBRARY)
  _qvit_headers(qvit::stb "${QVIT_STB_INCLUDE_DIR}")
  set_target_properties(qvit::stb PROPERTIES INTERFACE_LINK_LIBRARIES "${QVIT_STB_LIBRARY}")
else()
  list(APPEND QVIT_DATA_MISSING "stb (Debian: libstb-dev)")
endif()

foreach(_qvit_part CORE DATA)
  if(QVIT_${_qvit_part}_MISSING)
    set(QVIT_${_qvit_part}_FOUND FALSE)
    list(JOIN QVIT_${_qvit_part}_MISSING " and " QVIT_${_qvit_part}_MISSING)
  else()
    set(QVIT_${_qvit_part}_FOUND TRUE)
  endif()
endforeach()
