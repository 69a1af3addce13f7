# The library itself: cargo builds it in its own directory, which `cargo build` by hand shares; a copy under
# lib/ of the build tree carries the names that the loader asks for.

if(NOT CMAKE_SYSTEM_NAME STREQUAL "Linux")
  message(FATAL_ERROR "this CMake project builds for Linux; elsewhere use `cargo build -p memview-cdylib`")
endif()
find_program(MEMVIEW_CARGO cargo REQUIRED)

# While the major version is 0 every minor version is an ABI of its own: see cdylib/build.rs.
set(MEMVIEW_SOVERSION ${PROJECT_VERSION_MAJOR})
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(MEMVIEW_SOVERSION 0.${PROJECT_VERSION_MINOR})
endif()

set(built ${MEMVIEW_CARGO_TARGET_DIR}/${MEMVIEW_CARGO_PROFILE})
set(triple)
if(MEMVIEW_CARGO_TARGET)
  set(built ${MEMVIEW_CARGO_TARGET_DIR}/${MEMVIEW_CARGO_TARGET}/${MEMVIEW_CARGO_PROFILE})
  set(triple --target ${MEMVIEW_CARGO_TARGET})
endif()
# The library needs libc alone, which every compiler links. A program or plugin that links the archive keeps its
# symbols to itself: otherwise a plugin's copy would call the functions of its host's.
set(MEMVIEW_STATIC_LINK_OPTIONS LINKER:--exclude-libs,libmemview.a)

set(MEMVIEW_LIBRARY_DIR ${PROJECT_BINARY_DIR}/lib)
set(MEMVIEW_SHARED_LIBRARY ${MEMVIEW_LIBRARY_DIR}/libmemview.so.${PROJECT_VERSION})
set(MEMVIEW_STATIC_LIBRARY ${MEMVIEW_LIBRARY_DIR}/libmemview.a)
file(MAKE_DIRECTORY ${MEMVIEW_LIBRARY_DIR})

add_custom_target(memview_cargo ALL
  COMMAND ${MEMVIEW_CARGO} build --manifest-path ${PROJECT_SOURCE_DIR}/Cargo.toml --locked --package memview-cdylib --profile ${MEMVIEW_CARGO_PROFILE}
    ${triple} --target-dir ${MEMVIEW_CARGO_TARGET_DIR}
  COMMAND ${CMAKE_COMMAND} -E copy_if_different ${built}/libmemview.so ${MEMVIEW_SHARED_LIBRARY}
  COMMAND ${CMAKE_COMMAND} -E copy_if_different ${built}/libmemview.a ${MEMVIEW_STATIC_LIBRARY}
  COMMAND ${CMAKE_COMMAND} -E create_symlink libmemview.so.${PROJECT_VERSION}
    libmemview.so.${MEMVIEW_SOVERSION}
  COMMAND ${CMAKE_COMMAND} -E create_symlink libmemview.so.${MEMVIEW_SOVERSION} libmemview.so
  BYPRODUCTS ${MEMVIEW_SHARED_LIBRARY} ${MEMVIEW_STATIC_LIBRARY}
  WORKING_DIRECTORY ${MEMVIEW_LIBRARY_DIR}
  COMMENT "Building the library with cargo"
  USES_TERMINAL VERBATIM)

add_library(memview_shared SHARED IMPORTED GLOBAL)
set_target_properties(memview_shared PROPERTIES
  IMPORTED_LOCATION ${MEMVIEW_SHARED_LIBRARY}
  IMPORTED_SONAME libmemview.so.${MEMVIEW_SOVERSION})
add_library(memview_static STATIC IMPORTED GLOBAL)
set_target_properties(memview_static PROPERTIES
  IMPORTED_LOCATION ${MEMVIEW_STATIC_LIBRARY}
  INTERFACE_LINK_OPTIONS "${MEMVIEW_STATIC_LINK_OPTIONS}")
foreach(linkage shared static)
  target_include_directories(memview_${linkage} INTERFACE ${PROJECT_SOURCE_DIR}/include)
  add_dependencies(memview_${linkage} memview_cargo)
  add_library(memview::${linkage} ALIAS memview_${linkage})
endforeach()

set(MEMVIEW_DEFAULT shared)
if(DEFINED BUILD_SHARED_LIBS AND NOT BUILD_SHARED_LIBS)
  set(MEMVIEW_DEFAULT static)
endif()
add_library(memview::memview ALIAS memview_${MEMVIEW_DEFAULT})
