# How everything is compiled: language, warnings, sanitizers, cache and linker.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)

option(IEUM_BUILD_TESTS "Build tests" ON)
set(IEUM_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, e.g. address,undefined")

# Dev: quick to compile, assertions on, backtraces readable.
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1" CACHE STRING "" FORCE)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG" CACHE STRING "" FORCE)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Dev CACHE STRING "" FORCE)
endif()

# Named places where tests kill or halt a process (platform/base/failpoint.h); never shipped.
set(failpoints ON)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  set(failpoints OFF)
endif()
option(IEUM_FAILPOINTS "Compile failpoints in" ${failpoints})

# Debian's abseil is built with its own string_view and without sanitizer hooks; nothing to match.
add_library(ieum_warnings INTERFACE)
target_compile_options(ieum_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wno-missing-field-initializers)

if(IEUM_SANITIZE)
  add_compile_options(-fsanitize=${IEUM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${IEUM_SANITIZE})
endif()

find_program(IEUM_CCACHE ccache)
if(IEUM_CCACHE)
  # Precompiled headers need the first two; the last makes clones in other folders share results.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${IEUM_CCACHE})
  add_compile_options(-fpch-preprocess)
endif()

find_program(IEUM_MOLD mold)
if(IEUM_MOLD AND NOT IEUM_SANITIZE)
  add_link_options(-fuse-ld=mold)
endif()
add_link_options(-Wl,--as-needed)

# A precompiled header is only used when these are the same everywhere, so they are set for all.
add_compile_options(-pthread)
add_compile_definitions(FMT_SHARED SPDLOG_COMPILED_LIB SPDLOG_SHARED_LIB SPDLOG_FMT_EXTERNAL)
