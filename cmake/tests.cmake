# Tests of what surrounds the code: each header by itself in every standard, the library file, the package.

# Every header alone and twice, in every standard.
file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/*.h ${PROJECT_SOURCE_DIR}/include/*.hpp)
set(strict -Wall -Wextra -Wpedantic -Wconversion -Werror -I${PROJECT_SOURCE_DIR}/include -c -o /dev/null)
foreach(header IN LISTS headers)
  cmake_path(GET header FILENAME name)
  cmake_path(GET header EXTENSION extension)
  set(source ${PROJECT_BINARY_DIR}/headers/${name}.inc)
  file(GENERATE OUTPUT ${source} CONTENT "#include \"${name}\"\n#include \"${name}\"\nint main(void) { return 0; }\n")
  set(c_standards c99 c11 c17 c2x)
  set(cxx_standards c++11 c++17 c++20)
  if(extension STREQUAL ".hpp")
    set(c_standards)
    set(cxx_standards c++17 c++20)
  endif()
  foreach(standard IN LISTS c_standards)
    add_test(NAME header.${name}.${standard} COMMAND ${CMAKE_C_COMPILER} -std=${standard} ${strict} -x c ${source})
  endforeach()
  foreach(standard IN LISTS cxx_standards)
    add_test(NAME header.${name}.${standard}
      COMMAND ${CMAKE_CXX_COMPILER} -std=${standard} ${strict} -x c++ ${source})
  endforeach()
endforeach()

# The shared library needs libc alone, has its soname, and exports what the list allows.
add_test(NAME library.file COMMAND ${CMAKE_COMMAND}
  -Dlibrary=${MEMVIEW_SHARED_LIBRARY} -Dsoname=libmemview.so.${MEMVIEW_SOVERSION}
  -Dreadelf=${CMAKE_READELF} -Dnm=${CMAKE_NM} -Dsymbols=${PROJECT_SOURCE_DIR}/c-tests/abi/symbols.txt
  -P ${PROJECT_SOURCE_DIR}/cmake/check_library.cmake)

# The package, installed and then moved, as others find it.
set(package_tree ${PROJECT_BINARY_DIR}/package/moved)
add_test(NAME package.install COMMAND ${CMAKE_COMMAND}
  -Dbuild=${PROJECT_BINARY_DIR} -Dtree=${package_tree} -P ${PROJECT_SOURCE_DIR}/cmake/check_install.cmake)
set_tests_properties(package.install PROPERTIES FIXTURES_SETUP package)
foreach(target shared static memview)
  add_test(NAME package.cmake.${target} COMMAND ${CMAKE_CTEST_COMMAND}
    --build-and-test ${PROJECT_SOURCE_DIR}/c-tests/consumer ${PROJECT_BINARY_DIR}/package/${target}
    --build-generator ${CMAKE_GENERATOR} --build-makeprogram ${CMAKE_MAKE_PROGRAM}
    --build-options -DCMAKE_PREFIX_PATH=${package_tree} -DCMAKE_C_COMPILER=${CMAKE_C_COMPILER}
      -DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE} -DTARGET=memview::${target}
    --test-command consumer)
endforeach()
find_program(MEMVIEW_PKG_CONFIG pkg-config)
foreach(linkage shared static)
  add_test(NAME package.pkgconfig.${linkage} COMMAND ${CMAKE_COMMAND}
    -Dpkg_config=${MEMVIEW_PKG_CONFIG} -Dtree=${package_tree} -Dlibdir=${CMAKE_INSTALL_LIBDIR}
    -Dcompiler=${CMAKE_C_COMPILER} -Dsource=${PROJECT_SOURCE_DIR}/c-tests/consumer/consumer.c
    -Dprogram=${PROJECT_BINARY_DIR}/package/pkgconfig-${linkage} -Dlinkage=${linkage}
    -P ${PROJECT_SOURCE_DIR}/cmake/check_pkgconfig.cmake)
  set_tests_properties(package.pkgconfig.${linkage} PROPERTIES SKIP_REGULAR_EXPRESSION "SKIP: ")
endforeach()
set_tests_properties(package.cmake.shared package.cmake.static package.cmake.memview
  package.pkgconfig.shared package.pkgconfig.static PROPERTIES FIXTURES_REQUIRED package TIMEOUT 120)
