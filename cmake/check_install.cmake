# Installs the build into a tree and moves the tree, so that no path of the installation can be remembered.

file(REMOVE_RECURSE ${tree} ${tree}-before)
execute_process(COMMAND ${CMAKE_COMMAND} --install ${build} --prefix ${tree}-before
  COMMAND_ERROR_IS_FATAL ANY)
file(RENAME ${tree}-before ${tree})
