# Every outside library in one place, each with its minimum version and the Debian package that
# brings it. Nothing is vendored but third-party .proto files.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

function(ieum_find_package name version package)
  find_package(${name} ${version} QUIET ${ARGN})
  if(NOT ${name}_FOUND)
    message(FATAL_ERROR "${name} >= ${version} is missing. Debian package: ${package}. "
                        "Run './ieum deps' or 'apt-get install ${package}'.")
  endif()
  set(${name}_FOUND TRUE PARENT_SCOPE)
endfunction()

function(ieum_pkg_config target module version package)
  pkg_check_modules(${target} QUIET IMPORTED_TARGET GLOBAL ${module}>=${version})
  if(NOT ${target}_FOUND)
    message(FATAL_ERROR "${module} >= ${version} is missing. Debian package: ${package}. "
                        "Run './ieum deps' or 'apt-get install ${package}'.")
  endif()
  set(${target}_LINK_LIBRARIES ${${target}_LINK_LIBRARIES} PARENT_SCOPE)
  set(${target}_INCLUDE_DIRS ${${target}_INCLUDE_DIRS} PARENT_SCOPE)
endfunction()

find_package(Protobuf 3.21 MODULE REQUIRED)          # libprotobuf-dev, protobuf-compiler
find_package(absl CONFIG REQUIRED)                   # libabsl-dev
find_package(gRPC 1.51 CONFIG REQUIRED)              # libgrpc++-dev, protobuf-compiler-grpc
find_package(spdlog 1.10 CONFIG REQUIRED)            # libspdlog-dev
find_package(fmt 9 CONFIG REQUIRED)                  # libfmt-dev
find_package(nlohmann_json 3.11 CONFIG REQUIRED)     # nlohmann-json3-dev
find_package(prometheus-cpp CONFIG REQUIRED)         # prometheus-cpp-dev
find_package(date CONFIG REQUIRED)                   # libhowardhinnant-date-dev
find_package(ICU 72 REQUIRED COMPONENTS uc i18n)     # libicu-dev
find_package(CURL 7.88 REQUIRED)                     # libcurl4-openssl-dev
find_package(CLI11 2.1 CONFIG REQUIRED)              # libcli11-dev
ieum_pkg_config(PQXX libpqxx 6.4.5 libpqxx-dev)
ieum_pkg_config(NATS libnats 3.4.1 libnats-dev)
ieum_pkg_config(SODIUM libsodium 1.0.18 libsodium-dev)
ieum_pkg_config(CJOSE cjose 0.6.2.1 libcjose-dev)
ieum_pkg_config(JEMALLOC jemalloc 5.3.0 libjemalloc-dev)
ieum_pkg_config(RE2 re2 0 libre2-dev)        # its .pc says 0.0.0; 20220601 is meant
ieum_pkg_config(ICAL libical 3.0.16 libical-dev)
ieum_pkg_config(GMIME gmime-3.0 3.2.13 libgmime-3.0-dev)
find_library(IEUM_PHONENUMBER phonenumber REQUIRED)  # libphonenumber-dev
find_library(IEUM_HTTPLIB cpp-httplib REQUIRED)      # libcpp-httplib-dev
find_path(IEUM_PEGTL tao/pegtl.hpp REQUIRED)         # tao-pegtl-dev
find_path(IEUM_MUSTACHE kainjow/mustache.hpp REQUIRED) # libkainjow-mustache-dev

if(IEUM_BUILD_TESTS)
  find_package(GTest REQUIRED)                       # libgtest-dev, libgmock-dev
  find_package(benchmark QUIET)                      # libbenchmark-dev
endif()
