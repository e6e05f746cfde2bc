#include <cstdlib>
#include <sstream>

#include "catch.hpp"
#include "config/sites.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;
using namespace product_sync::config;

namespace {

const std::filesystem::path kGolden = PRODUCT_SYNC_ROOT "/tests/config/problems.golden";

/// One block of problems.golden.
struct Block {
  std::string before, after, problems;
  std::size_t line = 0;
};

std::vector<Block> read_blocks(const std::string& golden) {
  std::vector<Block> blocks(1);
  std::istringstream stream(golden);
  std::string line;
  for (std::size_t number = 1; std::getline(stream, line); ++number) {
    if (line.empty() || line.front() == '#') continue;
    if (line.front() != '!' && !blocks.back().problems.empty()) blocks.emplace_back();
    auto& block = blocks.back();
    auto& part = line.front() == '-' ? block.before : line.front() == '+' ? block.after : block.problems;
    if (part.empty()) block.line = number;
    part += line.substr(1) + "\n";
  }
  return blocks;
}

/// All problems without the file's name in front.
std::string problems_without_name(const std::string& text) {
  static const std::string kName = "config.yaml:";
  std::string lines;
  std::istringstream stream(problems_of(text));
  for (std::string line; std::getline(stream, line);) lines += line.substr(kName.size()) + "\n";
  return lines;
}

/// The golden file with what is said now.
std::string rewritten(const std::string& golden) {
  const auto blocks = read_blocks(golden);
  std::istringstream stream(golden);
  std::string text;
  std::size_t next = 0;
  bool in_problems = false;
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with('!')) {
      text += line + "\n";
      in_problems = false;
      continue;
    }
    if (in_problems) continue;
    in_problems = true;
    const auto& block = blocks.at(next++);
    std::istringstream problems(problems_without_name(replaced(small_configuration(), block.before, block.after)));
    for (std::string problem; std::getline(problems, problem);) text += "!" + problem + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("the small configuration that the tests change has no problem") {
  CHECK(problems_of(small_configuration()) == "");
}

TEST_CASE("each fault in a file is reported in these words, with its line, column and path") {
  const auto golden = read_file(kGolden);
  if (std::getenv("REWRITE_GOLDEN") != nullptr) write_file(kGolden, rewritten(golden));
  const auto blocks = read_blocks(golden);
  REQUIRE(blocks.size() > 100);
  for (const auto& block : blocks) {
    INFO("problems.golden, block that ends on line " << block.line << ":\n" << block.after);
    CHECK(problems_without_name(replaced(small_configuration(), block.before, block.after)) == block.problems);
  }
}

TEST_CASE("all problems of a file are reported at once, in the order of the file") {
  auto text = replaced(small_configuration(), "store:\n", "server:\n  threads: many\n  trheads: 4\nstore:\n");
  text = replaced(text, "url: https://erp.example.com/ERP", "url: ftp://erp.example.com");
  text = replaced(text, "${CLIENT_SECRET}", "${NOT_SET}");
  text = replaced(text, "Brand: attribute:BRAND", "Brand: attribute:BRAND\n        Brand: field:Brand");
  text = replaced(text, "path: /srv/outgoing", "path: 7\n        path: 8");
  std::vector<std::string> seen;
  const auto result = read(text);
  REQUIRE_FALSE(result.has_value());
  for (const auto& problem : result.error()) seen.push_back(std::to_string(problem.line) + " " + problem.path);
  CHECK(seen == std::vector<std::string>{"2 server.threads", "3 server.trheads", "9 sites.eu.acumatica.url",
                                         "13 sites.eu.acumatica.oauth.client_secret",
                                         "22 sites.eu.mapping.columns.Brand",
                                         "28 sites.eu.destination.directory.path"});
}

TEST_CASE("two sites may not put files of one prefix into one directory") {
  auto text = small_configuration();
  const auto start = text.find("  eu:\n");
  auto second = replaced(text.substr(start), "  eu:\n", "  us:\n");
  second = replaced(second, "/srv/outgoing", "/srv/./outgoing/");
  CHECK_THAT(problems_of(text + second),
             ContainsSubstring("sites.us.destination: site eu writes to the same directory with the same "
                               "feed.mode_prefix; give each site a directory or a prefix of its own"));
  CHECK(problems_of(text + replaced(second, "mode_prefix: Add", "mode_prefix: Us")) == "");
  CHECK(problems_of(text + replaced(second, "/srv/./outgoing/", "/srv/us")) == "");
}

TEST_CASE("a file that cannot be read is one problem that names the file") {
  const TemporaryDirectory directory("config");
  const auto problem = [](const std::filesystem::path& file) { return load(file).error().at(0).text(); };
  CHECK(problem(directory / "missing.yaml") ==
        (directory / "missing.yaml").string() + ": cannot be read; it must exist and be readable by this user");
  CHECK(problem(directory.path()) == directory.path().string() + ": is a directory, not a file");
  write_file(directory / "empty.yaml", "# nothing yet\n");
  CHECK(problem(directory / "empty.yaml") ==
        (directory / "empty.yaml").string() + ": is empty; config.yaml.example shows what belongs in");
}
