# Third-party libraries, all from the distribution's packages (scripts/packages.txt).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(simdjson REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(date REQUIRED)

# Debian 12 ships no CMake files for these. cpp-httplib's flags decide class layouts: always take the package's own.
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)
target_link_libraries(PkgConfig::httplib INTERFACE OpenSSL::SSL OpenSSL::Crypto)  # Debian 13's does not say so
pkg_check_modules(libssh2 REQUIRED IMPORTED_TARGET libssh2)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(yaml-cpp REQUIRED IMPORTED_TARGET yaml-cpp)
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(gumbo REQUIRED IMPORTED_TARGET gumbo)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)

if(PRODUCT_SYNC_TESTS)
  find_package(Catch2 REQUIRED)
endif()
