# product_sync_embed(TARGET NAMESPACE file ...)
#
# Makes text files part of the program: generates `embedded_files.hpp` with one std::string_view per file, named after it
# (`web/index.html` -> `kIndexHtml`), and the table `kFiles` of all with their names, in the namespace given. Regenerated
# when a file changes.
function(product_sync_embed TARGET NAMESPACE)
  set(header ${CMAKE_CURRENT_BINARY_DIR}/embedded/embedded_files.hpp)
  set(sources ${ARGN})
  list(TRANSFORM sources PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  add_custom_command(
    OUTPUT ${header}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${header} -DNAMESPACE=${NAMESPACE} "-DFILES=${sources}"
            -P ${PROJECT_SOURCE_DIR}/cmake/WriteEmbedded.cmake
    DEPENDS ${sources} ${PROJECT_SOURCE_DIR}/cmake/WriteEmbedded.cmake
    VERBATIM)
  target_sources(${TARGET} PRIVATE ${header})
  target_include_directories(${TARGET} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/embedded)
endfunction()
