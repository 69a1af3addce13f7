# The package: libraries, headers, find_package(memview), memview.pc. The tree may be moved after it is installed.

include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/memview)
file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/*.h ${PROJECT_SOURCE_DIR}/include/*.hpp)
install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${PROJECT_SOURCE_DIR}/include/memview.cdef DESTINATION ${CMAKE_INSTALL_DATADIR}/memview)
install(PROGRAMS ${MEMVIEW_SHARED_LIBRARY} DESTINATION ${MEMVIEW_SHARED_INSTALLDIR})
install(FILES ${MEMVIEW_SHARED_LINKS} ${MEMVIEW_STATIC_LIBRARY} DESTINATION ${CMAKE_INSTALL_LIBDIR})

configure_package_config_file(cmake/memview-config.cmake.in ${PROJECT_BINARY_DIR}/memview-config.cmake
  INSTALL_DESTINATION ${package_dir}
  PATH_VARS MEMVIEW_SHARED_INSTALLDIR CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
set(compatible SameMajorVersion)
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(compatible SameMinorVersion)
endif()
write_basic_package_version_file(${PROJECT_BINARY_DIR}/memview-config-version.cmake
  COMPATIBILITY ${compatible})
install(FILES ${PROJECT_BINARY_DIR}/memview-config.cmake ${PROJECT_BINARY_DIR}/memview-config-version.cmake
  DESTINATION ${package_dir})

file(RELATIVE_PATH pc_to_prefix /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" pc_to_prefix ${pc_to_prefix})
configure_file(cmake/memview.pc.in ${PROJECT_BINARY_DIR}/memview.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/memview.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
