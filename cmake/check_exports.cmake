# For the checks of the shared library: the output of a command, and the comparison of exported names with `symbols`.

function(run variable)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
  set(${variable} "${text}" PARENT_SCOPE)
endfunction()

function(check_exports exported)
  file(STRINGS ${symbols} allowed)
  list(SORT exported)
  list(SORT allowed)
  if(NOT exported STREQUAL allowed)
    set(extra ${exported})
    list(REMOVE_ITEM extra ${allowed})
    set(missing ${allowed})
    list(REMOVE_ITEM missing ${exported})
    message(SEND_ERROR "exported, but not in ${symbols}: ${extra}\nin it, but not exported: ${missing}")
  endif()
endfunction()
