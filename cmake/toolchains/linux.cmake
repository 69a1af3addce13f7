# What the Linux machines share, given `machine`: Debian's cross compilers, and where their libraries lie.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${machine})
set(CMAKE_C_COMPILER ${machine}-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER ${machine}-linux-gnu-g++)

set(CMAKE_FIND_ROOT_PATH /usr/${machine}-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)

set(MEMVIEW_CARGO_TARGET ${machine}-unknown-linux-gnu CACHE STRING "")
set(MEMVIEW_TEST_TIMEOUT 300 CACHE STRING "")
