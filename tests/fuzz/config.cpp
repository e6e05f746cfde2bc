#include "config/config.hpp"

#include <algorithm>
#include <cstdint>

#include "fuzz/must_hold.hpp"

using namespace product_sync;

namespace {

constexpr std::string_view kCanary = "c4nary-of-the-environment";
/// Dumps above may be refused for their size when they are read again.
constexpr std::size_t kLongestDump = 100'000;

bool shows_canary(std::string_view text) { return text.find(kCanary) != std::string_view::npos; }

tl::expected<config::Config, std::vector<config::Problem>> parse(std::string_view text) {
  return config::parse(text, "config.yaml", [](const std::string& name) -> std::optional<std::string> {
    if (name.starts_with('X')) return std::nullopt;
    return std::string(kCanary);
  });
}

void check_problems(const std::vector<config::Problem>& problems, std::string_view file) {
  must_hold(!problems.empty(), "a file is refused for a reason");
  const auto lines = std::ranges::count(file, '\n') + 1;
  int last = 0;
  for (const auto& problem : problems) {
    const auto text = problem.text();
    must_hold(!problem.message.empty(), "a problem is put in words");
    must_hold(text.find('\n') == std::string::npos, "a problem is one line");
    must_hold(!shows_canary(text), "no problem shows what the environment holds");
    must_hold(problem.line >= 0 && problem.line <= lines + 1, "a problem lies in the file");
    must_hold(problem.line >= last, "problems are in the order of the file");
    last = problem.line;
  }
}

void check_dump(const config::Config& config) {
  const auto dump = config::to_redacted_yaml(config);
  if (dump.size() > kLongestDump) return;
  const auto again = parse(dump);
  must_hold(again.has_value(), "a dump is a configuration");
  must_hold(config::to_redacted_yaml(*again) == dump, "a dump says the same when it is read again");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  const auto config = parse(file);
  if (config) {
    check_dump(*config);
  } else {
    check_problems(config.error(), file);
  }
  return 0;
}
