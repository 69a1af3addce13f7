# Tests of what surrounds the code: each header by itself in every standard, the library file, the package.

# Compiles a file in each standard of C and C++ that it is for.
set(strict -Wall -Wextra -Wpedantic -Wconversion -Werror -O2 -I${PROJECT_SOURCE_DIR}/include -c -o /dev/null)
function(memview_header_test name source)
  foreach(standard IN LISTS ARGN)
    if(standard MATCHES "[+]")
      set(compiler ${CMAKE_CXX_COMPILER} -x c++)
    else()
      set(compiler ${CMAKE_C_COMPILER} -x c)
    endif()
    add_test(NAME header.${name}.${standard} COMMAND ${compiler} -std=${standard} ${strict} ${source})
  endforeach()
endfunction()

# Every header alone, included twice; and a file that uses all of their macros.
file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/*.h ${PROJECT_SOURCE_DIR}/include/*.hpp)
foreach(header IN LISTS headers)
  cmake_path(GET header FILENAME name)
  set(source ${PROJECT_BINARY_DIR}/headers/${name}.inc)
  file(GENERATE OUTPUT ${source}
    CONTENT "#include \"${name}\"\n#include \"${name}\"\nint main(void) { return 0; }\n")
  if(name MATCHES "\\.hpp$")
    memview_header_test(${name} ${source} c++17 c++20)
  else()
    memview_header_test(${name} ${source} c99 c11 c17 c2x c++11 c++17 c++20)
  endif()
endforeach()
memview_header_test(macros ${PROJECT_SOURCE_DIR}/c-tests/headers/macros.c c99 c11 c17 c2x c++11 c++17 c++20)

# The shared library needs libc alone, has its name, and exports what the list allows.
set(check check_elf)
if(WIN32)
  set(check check_dll)
endif()
add_test(NAME library.file COMMAND ${CMAKE_COMMAND}
  -Dlibrary=${MEMVIEW_SHARED_LIBRARY} -Dsoname=${MEMVIEW_SONAME}
  -Dreadelf=${CMAKE_READELF} -Dnm=${CMAKE_NM} -Dobjdump=${CMAKE_OBJDUMP}
  -Dsymbols=${PROJECT_SOURCE_DIR}/c-tests/abi/symbols.txt -P ${PROJECT_SOURCE_DIR}/cmake/${check}.cmake)

# The package, installed and then moved, as others find it, who build for the same machine.
set(for_machine)
if(CMAKE_TOOLCHAIN_FILE)
  set(for_machine -DCMAKE_TOOLCHAIN_FILE=${CMAKE_TOOLCHAIN_FILE})
endif()
set(package_tree ${PROJECT_BINARY_DIR}/package/moved)
add_test(NAME package.install COMMAND ${CMAKE_COMMAND}
  -Dbuild=${PROJECT_BINARY_DIR} -Dtree=${package_tree} -P ${PROJECT_SOURCE_DIR}/cmake/check_install.cmake)
set_tests_properties(package.install PROPERTIES FIXTURES_SETUP package)
foreach(target shared static memview)
  set(consumer ${PROJECT_BINARY_DIR}/package/${target}/consumer${CMAKE_EXECUTABLE_SUFFIX})
  add_test(NAME package.cmake.${target} COMMAND ${CMAKE_CTEST_COMMAND}
    --build-and-test ${PROJECT_SOURCE_DIR}/c-tests/consumer ${PROJECT_BINARY_DIR}/package/${target}
    --build-generator ${CMAKE_GENERATOR} --build-makeprogram ${CMAKE_MAKE_PROGRAM}
    --build-options ${for_machine} -DCMAKE_PREFIX_PATH=${package_tree}
      -DCMAKE_C_COMPILER=${CMAKE_C_COMPILER} -DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE} -DTARGET=memview::${target}
    --test-command ${MEMVIEW_LAUNCHER} ${consumer})
endforeach()
find_program(MEMVIEW_PKG_CONFIG pkg-config)
foreach(linkage shared static)
  add_test(NAME package.pkgconfig.${linkage} COMMAND ${CMAKE_COMMAND}
    -Dpkg_config=${MEMVIEW_PKG_CONFIG} -Dtree=${package_tree} -Dlibdir=${CMAKE_INSTALL_LIBDIR}
    -Dcompiler=${CMAKE_C_COMPILER} -Dsource=${PROJECT_SOURCE_DIR}/c-tests/consumer/consumer.c
    -Dprogram=${package_tree}/${CMAKE_INSTALL_BINDIR}/pkgconfig-${linkage}${CMAKE_EXECUTABLE_SUFFIX}
    -Dlinkage=${linkage} "-Dlauncher=${MEMVIEW_LAUNCHER}"
    -P ${PROJECT_SOURCE_DIR}/cmake/check_pkgconfig.cmake)
  set_tests_properties(package.pkgconfig.${linkage} PROPERTIES SKIP_REGULAR_EXPRESSION "SKIP: ")
endforeach()
set_tests_properties(package.cmake.shared package.cmake.static package.cmake.memview
  package.pkgconfig.shared package.pkgconfig.static PROPERTIES FIXTURES_REQUIRED package TIMEOUT 120)

# CPython's own memoryview as an oracle; its python loads the library, so both are of this machine.
if(NOT MEMVIEW_CARGO_TARGET)
  add_test(NAME oracle.cpython
    COMMAND sh ${PROJECT_SOURCE_DIR}/tests/oracle/run.sh ${MEMVIEW_SHARED_LIBRARY})
  set_tests_properties(oracle.cpython PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
endif()
