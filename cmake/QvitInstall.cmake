# Headers, targets and the package files of `find_package(qvit)`. Nothing depends on the machine, so all is under share/.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_DATADIR}/cmake/qvit")

install(DIRECTORY include/ TYPE INCLUDE FILES_MATCHING PATTERN "*.hpp")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/qvit")

# Two export sets: where zlib, libmd or stb is missing, the first one is still usable.
install(TARGETS qvit EXPORT qvitTargets)
install(EXPORT qvitTargets NAMESPACE qvit:: DESTINATION "${package_dir}")
if(TARGET qvit_data)
  install(TARGETS qvit_data EXPORT qvitDataTargets)
  install(EXPORT qvitDataTargets NAMESPACE qvit:: DESTINATION "${package_dir}")
endif()

configure_package_config_file(cmake/qvitConfig.cmake.in "${PROJECT_BINARY_DIR}/qvitConfig.cmake"
  INSTALL_DESTINATION "${package_dir}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/qvitConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES "${PROJECT_BINARY_DIR}/qvitConfig.cmake" "${PROJECT_BINARY_DIR}/qvitConfigVersion.cmake"
  cmake/QvitDependencies.cmake DESTINATION "${package_dir}")
