# Writes the samples into a new folder.
file(REMOVE_RECURSE "${FOLDER}")
file(MAKE_DIRECTORY "${FOLDER}")
execute_process(COMMAND "${PROGRAM}" write "${FOLDER}" COMMAND_ERROR_IS_FATAL ANY)
