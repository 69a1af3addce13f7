# ELF: the file has its full version; links to it are the soname, which loaders ask for, and what -lmemview finds.

# While the major version is 0 every minor version is an ABI of its own: see cdylib/build.rs.
set(abi ${PROJECT_VERSION_MAJOR})
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(abi 0.${PROJECT_VERSION_MINOR})
endif()
set(MEMVIEW_SONAME libmemview.so.${abi})
set(MEMVIEW_SHARED_NAME libmemview.so.${PROJECT_VERSION})
set(MEMVIEW_SHARED_LIBRARY ${MEMVIEW_LIBRARY_DIR}/${MEMVIEW_SHARED_NAME})
set_target_properties(memview_shared PROPERTIES
  IMPORTED_LOCATION ${MEMVIEW_SHARED_LIBRARY} IMPORTED_SONAME ${MEMVIEW_SONAME})

set(placed
  COMMAND ${CMAKE_COMMAND} -E copy_if_different ${built}/libmemview.so ${MEMVIEW_SHARED_LIBRARY}
  COMMAND ${CMAKE_COMMAND} -E create_symlink ${MEMVIEW_SHARED_NAME} ${MEMVIEW_SONAME}
  COMMAND ${CMAKE_COMMAND} -E create_symlink ${MEMVIEW_SONAME} libmemview.so)

# Where the library is installed, and the files that go with it.
set(MEMVIEW_SHARED_INSTALLDIR ${CMAKE_INSTALL_LIBDIR})
set(MEMVIEW_SHARED_LINKS ${MEMVIEW_LIBRARY_DIR}/${MEMVIEW_SONAME} ${MEMVIEW_LIBRARY_DIR}/libmemview.so)
