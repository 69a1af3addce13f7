# 32-bit x86 under Linux. A 64-bit x86 runs the programs, through the loader that belongs to their libraries.
set(machine i686)
include(${CMAKE_CURRENT_LIST_DIR}/linux.cmake)
set(CMAKE_CROSSCOMPILING_EMULATOR
  /usr/i686-linux-gnu/lib/ld-linux.so.2 --library-path /usr/i686-linux-gnu/lib)
