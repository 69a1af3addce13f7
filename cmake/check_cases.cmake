# Compares the cases that a test program lists with those that CMake found in its source: a TEST hidden in a
# macro or behind an #if would not have become a test.

execute_process(COMMAND ${program} --list OUTPUT_VARIABLE listed RESULT_VARIABLE result
  OUTPUT_STRIP_TRAILING_WHITESPACE)
string(REPLACE "\r" "" listed "${listed}")
string(REPLACE "\n" ";" listed "${listed}")
if(NOT result EQUAL 0 OR NOT "${listed}" STREQUAL "${expected}")
  message(FATAL_ERROR "the program lists\n  ${listed}\nCMake found\n  ${expected}\n"
    "Begin each TEST(name) at the start of a line, outside of any macro, and outside of any #if.")
endif()
