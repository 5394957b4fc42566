# The few kinds of target that Ieum is made of.

# One precompiled header for plain code and one for code that speaks gRPC; every library reuses
# one of them, so a changed .cc compiles without reading the world again.
file(WRITE "${CMAKE_BINARY_DIR}/gen/pch.cc" "// carries the precompiled header\n")
file(WRITE "${CMAKE_BINARY_DIR}/gen/pch_rpc.cc" "// carries the precompiled header\n")
set(IEUM_PCH_PLAIN
  <algorithm> <array> <atomic> <chrono> <condition_variable> <cstdint> <functional> <map> <memory>
  <mutex> <optional> <set> <string> <string_view> <thread> <unordered_map> <utility> <variant>
  <vector> <absl/status/status.h> <absl/status/statusor.h> <absl/strings/str_cat.h>
  <absl/types/span.h> <google/protobuf/message.h> <fmt/format.h>)

add_library(ieum_pch STATIC "${CMAKE_BINARY_DIR}/gen/pch.cc")
target_link_libraries(ieum_pch PUBLIC protobuf::libprotobuf absl::statusor fmt::fmt)
target_precompile_headers(ieum_pch PRIVATE ${IEUM_PCH_PLAIN})

add_library(ieum_pch_rpc STATIC "${CMAKE_BINARY_DIR}/gen/pch_rpc.cc")
target_link_libraries(ieum_pch_rpc PUBLIC protobuf::libprotobuf absl::statusor fmt::fmt gRPC::grpc++)
target_precompile_headers(ieum_pch_rpc PRIVATE ${IEUM_PCH_PLAIN} <grpcpp/grpcpp.h>)

function(ieum_defaults target pch)
  target_include_directories(${target} PUBLIC "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/gen")
  target_link_libraries(${target} PRIVATE ieum_warnings)
  target_link_libraries(${target} PUBLIC
    protobuf::libprotobuf absl::statusor absl::strings absl::time absl::flat_hash_map fmt::fmt
    Threads::Threads)
  if(pch STREQUAL "rpc")
    target_link_libraries(${target} PUBLIC gRPC::grpc++)
    target_precompile_headers(${target} REUSE_FROM ieum_pch_rpc)
  else()
    target_precompile_headers(${target} REUSE_FROM ieum_pch)
  endif()
endfunction()

# ieum_library(NAME [RPC] [DEPS …]): every .cc of the current folder.
function(ieum_library name)
  cmake_parse_arguments(arg "RPC" "" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cc")
  if(NOT sources)
    return()
  endif()
  add_library(${name} STATIC ${sources})
  if(arg_RPC)
    ieum_defaults(${name} rpc)
  else()
    ieum_defaults(${name} plain)
  endif()
  target_link_libraries(${name} PUBLIC ${arg_DEPS})
endfunction()

# ieum_protos(NAME ROOT root FILES relative… [DEPS …]): messages and gRPC stubs as one library.
function(ieum_protos name)
  cmake_parse_arguments(arg "" "ROOT" "FILES;DEPS" ${ARGN})
  find_program(IEUM_GRPC_PLUGIN grpc_cpp_plugin REQUIRED)
  set(outputs)
  foreach(file IN LISTS arg_FILES)
    string(REGEX REPLACE "\\.proto$" "" stem "${file}")
    set(made "${CMAKE_BINARY_DIR}/gen/${stem}.pb.cc" "${CMAKE_BINARY_DIR}/gen/${stem}.pb.h")
    set(grpc_args)
    file(STRINGS "${arg_ROOT}/${file}" services REGEX "^service ")
    if(services)
      list(APPEND made "${CMAKE_BINARY_DIR}/gen/${stem}.grpc.pb.cc" "${CMAKE_BINARY_DIR}/gen/${stem}.grpc.pb.h")
      set(grpc_args --grpc_out "${CMAKE_BINARY_DIR}/gen" "--plugin=protoc-gen-grpc=${IEUM_GRPC_PLUGIN}")
    endif()
    add_custom_command(
      OUTPUT ${made}
      COMMAND protobuf::protoc -I "${arg_ROOT}" -I "${CMAKE_SOURCE_DIR}/proto"
              -I "${CMAKE_SOURCE_DIR}/proto/third_party" --cpp_out "${CMAKE_BINARY_DIR}/gen"
              ${grpc_args} "${arg_ROOT}/${file}"
      DEPENDS "${arg_ROOT}/${file}" VERBATIM COMMENT "Generating ${stem}")
    list(APPEND outputs ${made})
  endforeach()
  add_library(${name} STATIC ${outputs})
  target_include_directories(${name} PUBLIC "${CMAKE_BINARY_DIR}/gen")
  target_link_libraries(${name} PUBLIC protobuf::libprotobuf gRPC::grpc++ ${arg_DEPS})
  target_precompile_headers(${name} REUSE_FROM ieum_pch_rpc)
endfunction()

# ieum_embed_sql(TARGET FOLDER FUNCTION): numbered migrations compiled into the binary, as
# `ieum::db::MigrationSet FUNCTION()` (declared where it is used).
function(ieum_embed_sql target folder function)
  if(NOT TARGET ${target})
    return()
  endif()
  file(GLOB files CONFIGURE_DEPENDS "${folder}/*.sql")
  list(SORT files)
  set(body "#include \"platform/db/migrations.h\"\n\nnamespace ieum {\n\ndb::MigrationSet ${function}() {\n  return {\n")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    get_filename_component(stem "${file}" NAME_WE)
    file(READ "${file}" sql)
    # A raw literal holds at most 64 KiB in some compilers; ours are cut at 12,000 characters.
    string(LENGTH "${sql}" length)
    string(APPEND body "    {\"${stem}\",\n")
    set(at 0)
    while(at LESS length)
      string(SUBSTRING "${sql}" ${at} 12000 piece)
      string(APPEND body "R\"ieum_sql(${piece})ieum_sql\"\n")
      math(EXPR at "${at} + 12000")
    endwhile()
    string(APPEND body "    },\n")
  endforeach()
  string(APPEND body "  };\n}\n\n}  // namespace ieum\n")
  file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/gen/${function}.cc" CONTENT "${body}")
  target_sources(${target} PRIVATE "${CMAKE_BINARY_DIR}/gen/${function}.cc")
endfunction()

# What is shipped and measured allocates with jemalloc: events are made on one thread and dropped on
# another, where the C library's allocator takes every other cycle. Sanitizers bring their own.
function(ieum_allocator target)
  if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT IEUM_SANITIZE)
    target_link_libraries(${target} PRIVATE PkgConfig::JEMALLOC)
  endif()
endfunction()

# ieum_service(NAME [DEPS …]): services/NAME/**.cc but main.cc as a library (tests link it), and
# the process ieum-NAME.
function(ieum_service name)
  cmake_parse_arguments(arg "" "" "DEPS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cc")
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  add_library(ieum_${name} STATIC ${sources})
  ieum_defaults(ieum_${name} rpc)
  target_link_libraries(ieum_${name} PUBLIC ieum_runtime PkgConfig::PQXX ${arg_DEPS})
  ieum_embed_sql(ieum_${name} "${CMAKE_CURRENT_SOURCE_DIR}/migrations" "${name}_migrations")
  # Rooms can be built and tested before there is a process around them.
  file(GLOB main CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/main.cc")
  if(main)
    add_executable(ieum-${name} ${main})
    ieum_defaults(ieum-${name} rpc)
    target_link_libraries(ieum-${name} PRIVATE ieum_${name})
    ieum_allocator(ieum-${name})
  endif()
endfunction()

# ieum_test(NAME SOURCES … [LIBS …] [LABELS …] [TIMEOUT s] [PARTS n]): one GoogleTest binary, one ctest entry, or
# NAME_1 … NAME_n, each with its part of the tests.
function(ieum_test name)
  if(NOT IEUM_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "TIMEOUT;PARTS" "SOURCES;LIBS;LABELS" ${ARGN})
  # A tree without some service builds without that service's tests, and says so.
  foreach(service IN LISTS IEUM_SERVICES)
    if("ieum_${service}" IN_LIST arg_LIBS AND NOT TARGET ieum_${service})
      message(STATUS "${name} is left out: services/${service} is not there")
      return()
    endif()
  endforeach()
  # A listed file that is missing breaks the build of this test, and of nothing else.
  foreach(source IN LISTS arg_SOURCES)
    if(NOT EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${source}")
      set_source_files_properties("${source}" PROPERTIES GENERATED TRUE)
    endif()
  endforeach()
  add_executable(${name} ${arg_SOURCES})
  ieum_defaults(${name} rpc)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  target_compile_definitions(${name} PRIVATE
    IEUM_SOURCE_DIR="${CMAKE_SOURCE_DIR}" IEUM_BINARY_DIR="${CMAKE_BINARY_DIR}")
  target_link_libraries(${name} PRIVATE ${arg_LIBS} GTest::gmock GTest::gtest_main)
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  if(NOT arg_PARTS)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
    return()
  endif()
  foreach(part RANGE 1 ${arg_PARTS})
    math(EXPR index "${part} - 1")
    add_test(NAME ${name}_${part} COMMAND ${name})
    set_tests_properties(${name}_${part} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}"
      ENVIRONMENT "GTEST_TOTAL_SHARDS=${arg_PARTS};GTEST_SHARD_INDEX=${index}")
  endforeach()
endfunction()
