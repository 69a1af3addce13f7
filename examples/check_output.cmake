# Runs `command`, a list, and compares what it prints with the file `expected`.
execute_process(COMMAND ${command} OUTPUT_VARIABLE printed ERROR_VARIABLE complained RESULT_VARIABLE result)
file(READ ${expected} wanted)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "ended with ${result}:\n${printed}${complained}")
endif()
if(NOT printed STREQUAL wanted)
  message(FATAL_ERROR "printed\n${printed}instead of\n${wanted}")
endif()
