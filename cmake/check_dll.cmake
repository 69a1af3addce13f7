# The DLL of Windows: the DLLs that it needs, exported names.

include(${CMAKE_CURRENT_LIST_DIR}/check_exports.cmake)

run(headers ${objdump} -p ${library})
string(REGEX MATCHALL "DLL Name: [^\n]*" needed "${headers}")
list(TRANSFORM needed REPLACE "DLL Name: " "")
list(FILTER needed EXCLUDE REGEX "^(KERNEL32|msvcrt|api-ms-win-crt-.*)\\.dll$")
if(needed)
  message(SEND_ERROR "the library needs more than Windows and its C runtime: ${needed}")
endif()

string(REGEX REPLACE ".*Name Pointer\\] Table" "" names "${headers}")
string(REGEX MATCHALL "\n\t\\[ *[0-9]+\\][^\n]*" names "${names}")
list(TRANSFORM names REPLACE ".* " "")
check_exports("${names}")
