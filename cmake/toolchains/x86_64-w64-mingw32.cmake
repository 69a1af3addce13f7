# 64-bit Windows: mingw-w64 with POSIX threads, all of its runtime linked into the programs; wine runs them.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
# Debian has two kinds of the compiler, of which the one for C++ threads is not the default.
find_program(MINGW_GCC NAMES x86_64-w64-mingw32-gcc-posix x86_64-w64-mingw32-gcc REQUIRED)
find_program(MINGW_GXX NAMES x86_64-w64-mingw32-g++-posix x86_64-w64-mingw32-g++ REQUIRED)
set(CMAKE_C_COMPILER ${MINGW_GCC})
set(CMAKE_CXX_COMPILER ${MINGW_GXX})
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(CMAKE_MODULE_LINKER_FLAGS_INIT -static)

set(CMAKE_FIND_ROOT_PATH /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)

# Wine needs certain low addresses, and now and then a random layout puts something else there.
execute_process(COMMAND setarch x86_64 -R true RESULT_VARIABLE unsettled OUTPUT_QUIET ERROR_QUIET)
if(unsettled)
  set(CMAKE_CROSSCOMPILING_EMULATOR env WINEDEBUG=-all wine)
else()
  set(CMAKE_CROSSCOMPILING_EMULATOR env WINEDEBUG=-all setarch x86_64 -R wine)
endif()
set(MEMVIEW_CARGO_TARGET x86_64-pc-windows-gnu CACHE STRING "")
set(MEMVIEW_TEST_TIMEOUT 300 CACHE STRING "")
