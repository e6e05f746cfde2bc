// Gives every file of the folders named on the command line to a fuzz target, in order of their names. Each name is
// printed before its turn: the last one named is the one that ended the process.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  for (const char* const folder : std::span(argv, static_cast<std::size_t>(argc)).subspan(1)) {
    const auto files = files_in(folder);
    if (files.empty()) {
      std::fprintf(stderr, "%s has no files to replay\n", folder);
      return 1;
    }
    for (const auto& path : files) {
      std::fprintf(stderr, "%s\n", path.c_str());
      std::ifstream file(path, std::ios::binary);
      // A vector of exactly this size: the address sanitizer sees a read one byte past it.
      const std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    }
  }
  return 0;
}
