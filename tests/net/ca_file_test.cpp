// Whom a client with a CA file of its own trusts.

#include <curl/curl.h>
#include <dlfcn.h>

#include <cstdarg>
#include <filesystem>
#include <string>

#include "catch.hpp"
#include "net/curl_http_client.hpp"
#include "support/certificate.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;

namespace {

/// What stands in for the system's directory of trusted certificates in this program; empty: the system's own.
std::string system_directory;

}  // namespace

/// libcurl's own, which can be neither told nor asked where the system keeps its certificates: each request starts
/// with the stand-in as if it had been built in.
extern "C" CURLcode(curl_easy_setopt)(CURL* easy, CURLoption option, ...) {
  using SetOption = CURLcode (*)(CURL*, CURLoption, ...);
  static const auto set_option = reinterpret_cast<SetOption>(::dlsym(RTLD_NEXT, "curl_easy_setopt"));
  if (option == CURLOPT_URL && !system_directory.empty()) {
    set_option(easy, CURLOPT_CAPATH, system_directory.c_str());
  }
  std::va_list arguments;
  va_start(arguments, option);
  const bool is_offset = option > CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB;
  const auto code = is_offset ? set_option(easy, option, va_arg(arguments, curl_off_t))
                              : set_option(easy, option, va_arg(arguments, void*));  // a long is passed the same way
  va_end(arguments);
  return code;
}

TEST_CASE("with a CA file of its own, an authority that only the system trusts is refused") {
  const TemporaryDirectory home("ca-file");
  const auto trusted = home / "system";
  std::filesystem::create_directories(trusted);
  make_certificate(trusted / "server.pem", home / "server.key");
  // Of another name, or it would be taken for the server's authority before the directory is looked at.
  REQUIRE(run_program({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                       "/CN=Another authority", "-keyout", (home / "other.key").string(), "-out",
                       (home / "other.pem").string()}) == 0);
  REQUIRE(run_program({"openssl", "rehash", trusted.string()}) == 0);
  const auto port = free_port();
  ChildProcess server({"openssl", "s_server", "-quiet", "-www", "-accept", std::to_string(port), "-cert",
                       (trusted / "server.pem").string(), "-key", (home / "server.key").string()},
                      home.path());
  while (!port_is_open(port)) {
    if (!server.running()) FAIL(server.error_output());
  }

  const auto answer_with = [&](const std::filesystem::path& ca_file) {
    const net::CurlRuntime runtime;
    SystemClock clock;
    net::CurlHttpClient http(net::CurlOptions{.user_agent = {}, .ca_file = ca_file.string()}, clock);
    net::HttpRequest request;
    request.url = "https://127.0.0.1:" + std::to_string(port) + "/";
    request.total_timeout = std::chrono::seconds{20};
    system_directory = trusted.string();
    const auto answer = http.send(request, {});
    system_directory.clear();
    return answer ? std::string("answered") : answer.error().code;
  };
  CHECK(answer_with({}) == "answered");
  CHECK(answer_with(trusted / "server.pem") == "answered");
  CHECK(answer_with(home / "other.pem") == "http.tls");
}
