# product_sync_room(NAME SOURCES a.cpp ... USES room-or-library ... PRIVATE library ...)
#
# Declares a room: a folder of src/ with its own static library `room_NAME`. A room's headers are visible only to rooms that
# name it in USES (each room has an include root of its own), so an include against the arrows of docs/architecture.md fails
# to build. Names in USES that are rooms are written plainly (`catalog`), libraries as CMake targets.
function(product_sync_room NAME)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;PRIVATE" ${ARGN})
  set(include_root ${PROJECT_BINARY_DIR}/rooms/${NAME})
  file(MAKE_DIRECTORY ${include_root})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${include_root}/${NAME} SYMBOLIC)

  set(kind PUBLIC)
  if(ROOM_SOURCES)
    add_library(room_${NAME} STATIC ${ROOM_SOURCES})
    # Named without its path, so that checkouts in different folders share what ccache keeps.
    target_include_directories(room_${NAME} PRIVATE ${PROJECT_SOURCE_DIR}/cmake)
    target_precompile_headers(room_${NAME} PRIVATE <standard_headers.hpp>)
  else()
    add_library(room_${NAME} INTERFACE)
    set(kind INTERFACE)
  endif()
  target_include_directories(room_${NAME} ${kind} ${include_root})
  foreach(used ${ROOM_USES})
    if(TARGET room_${used})
      target_link_libraries(room_${NAME} ${kind} room_${used})
    else()
      target_link_libraries(room_${NAME} ${kind} ${used})
    endif()
  endforeach()
  if(ROOM_PRIVATE)
    target_link_libraries(room_${NAME} PRIVATE ${ROOM_PRIVATE})
  endif()
endfunction()
