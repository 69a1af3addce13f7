# The library itself: cargo builds it in its own directory, which `cargo build` by hand shares; copies below the
# build tree carry the names that linkers and loaders ask for.

find_program(MEMVIEW_CARGO cargo REQUIRED)

set(built ${MEMVIEW_CARGO_TARGET_DIR}/${MEMVIEW_CARGO_PROFILE})
set(cargo ${MEMVIEW_CARGO})
set(triple)
if(MEMVIEW_CARGO_TARGET)
  set(built ${MEMVIEW_CARGO_TARGET_DIR}/${MEMVIEW_CARGO_TARGET}/${MEMVIEW_CARGO_PROFILE})
  set(triple --target ${MEMVIEW_CARGO_TARGET})
endif()
if(CMAKE_CROSSCOMPILING)
  string(MAKE_C_IDENTIFIER ${MEMVIEW_CARGO_TARGET} name)
  string(TOUPPER ${name} name)
  set(cargo ${CMAKE_COMMAND} -E env CARGO_TARGET_${name}_LINKER=${CMAKE_C_COMPILER} ${MEMVIEW_CARGO})
endif()

# The library needs libc alone, which every compiler links. A program or plugin that links the archive keeps its
# symbols to itself: otherwise a plugin's copy would call the functions of its host's.
set(MEMVIEW_STATIC_LINK_OPTIONS LINKER:--exclude-libs,libmemview.a)

set(MEMVIEW_LIBRARY_DIR ${PROJECT_BINARY_DIR}/lib)
set(MEMVIEW_STATIC_LIBRARY ${MEMVIEW_LIBRARY_DIR}/libmemview.a)
file(MAKE_DIRECTORY ${MEMVIEW_LIBRARY_DIR})
add_library(memview_shared SHARED IMPORTED GLOBAL)
add_library(memview_static STATIC IMPORTED GLOBAL)
set_target_properties(memview_static PROPERTIES
  IMPORTED_LOCATION ${MEMVIEW_STATIC_LIBRARY}
  INTERFACE_LINK_OPTIONS "${MEMVIEW_STATIC_LINK_OPTIONS}")

# What differs from system to system: the files of the shared library, and how `placed` brings them to their places.
if(WIN32)
  include(cmake/library_windows.cmake)
elseif(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  include(cmake/library_linux.cmake)
else()
  message(FATAL_ERROR
    "this CMake project builds for Linux and Windows; elsewhere use `cargo build -p memview-cdylib`")
endif()

add_custom_target(memview_cargo ALL
  COMMAND ${cargo} build --manifest-path ${PROJECT_SOURCE_DIR}/Cargo.toml --locked --package memview-cdylib
    --profile ${MEMVIEW_CARGO_PROFILE} ${triple} --target-dir ${MEMVIEW_CARGO_TARGET_DIR}
  COMMAND ${CMAKE_COMMAND} -E copy_if_different ${built}/libmemview.a ${MEMVIEW_STATIC_LIBRARY}
  ${placed}
  BYPRODUCTS ${MEMVIEW_SHARED_LIBRARY} ${MEMVIEW_IMPORT_LIBRARY} ${MEMVIEW_STATIC_LIBRARY}
  WORKING_DIRECTORY ${MEMVIEW_LIBRARY_DIR}
  COMMENT "Building the library with cargo"
  USES_TERMINAL VERBATIM)

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
