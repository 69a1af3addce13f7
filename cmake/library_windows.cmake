# Windows: programs link the import library and find the DLL beside themselves, so all of this project's programs
# lie together with it.
if(NOT MINGW)
  message(FATAL_ERROR "for Windows this CMake project builds with mingw-w64 alone")
endif()
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
file(MAKE_DIRECTORY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})

set(MEMVIEW_SHARED_NAME memview.dll)
set(MEMVIEW_SHARED_LIBRARY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/${MEMVIEW_SHARED_NAME})
set(MEMVIEW_IMPORT_LIBRARY ${MEMVIEW_LIBRARY_DIR}/libmemview.dll.a)
set_target_properties(memview_shared PROPERTIES
  IMPORTED_LOCATION ${MEMVIEW_SHARED_LIBRARY} IMPORTED_IMPLIB ${MEMVIEW_IMPORT_LIBRARY})

set(placed
  COMMAND ${CMAKE_COMMAND} -E copy_if_different ${built}/memview.dll ${MEMVIEW_SHARED_LIBRARY}
  COMMAND ${CMAKE_COMMAND} -E copy_if_different ${built}/libmemview.dll.a ${MEMVIEW_IMPORT_LIBRARY})

# Where the library is installed, and the file that goes with it.
set(MEMVIEW_SHARED_INSTALLDIR ${CMAKE_INSTALL_BINDIR})
set(MEMVIEW_SHARED_LINKS ${MEMVIEW_IMPORT_LIBRARY})
