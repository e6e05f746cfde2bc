#include "base/log.hpp"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/digest.hpp"
#include "catch.hpp"

using namespace product_sync;

namespace {

/// What `write` sends to standard error.
template <class Function>
std::string captured_stderr(Function write) {
  const auto path = std::filesystem::temp_directory_path() / ("log-test-" + random_hex(8));
  const int saved = dup(STDERR_FILENO);
  std::FILE* file = std::fopen(path.c_str(), "w");
  dup2(fileno(file), STDERR_FILENO);
  write();
  dup2(saved, STDERR_FILENO);
  close(saved);
  std::fclose(file);
  std::ifstream in(path);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  std::filesystem::remove(path);
  return text;
}

}  // namespace

TEST_CASE("a JSON log line holds event, message and fields, escaped") {
  const auto text = captured_stderr([] {
    Logger log(LogFormat::json, LogLevel::info);
    log.info("run.finished", "Say \"done\".", {{"site", "eu"}, {"rows", 3}, {"ok", true}});
    log.debug("run.detail", "not shown");
  });
  CHECK_THAT(text, ContainsSubstring(R"("level":"info","event":"run.finished","message":"Say \"done\".","site":"eu","rows":3,"ok":true})"));
  CHECK_THAT(text, !ContainsSubstring("not shown"));
}
