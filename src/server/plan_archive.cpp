#include "server/plan_archive.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <system_error>
#include <utility>

#include "server/json.hpp"

namespace product_sync::server {
namespace {

constexpr std::string_view kSuffix = ".plan";
constexpr std::string_view kCut = "cut";  // the last line of a plan that was longer
constexpr std::uint64_t kPageBytes = 4ULL << 20U;

auto unwritable(const std::filesystem::path& path, int error) {
  return fail("plan.unwritable",
              fmt::format("No plan can be kept in {}: {}.", path.string(), std::generic_category().message(error)),
              "Check the space and the permissions of store.directory.", Retry::later);
}

}  // namespace

/// One file, written line by line, so that whoever reads it sees whole lines only.
class PlanArchive::File final : public Draft {
 public:
  File(const PlanArchive& archive, std::filesystem::path path, int descriptor)
      : archive_(archive), path_(std::move(path)), lines_(std::make_shared<Lines>(descriptor, archive.limits_.plan_bytes)) {}
  ~File() override {
    std::error_code ignored;
    if (!kept_) std::filesystem::remove(path_, ignored);
  }

  [[nodiscard]] sync::PlanSink sink() override {
    return [lines = lines_](const sync::PlannedProduct& product) { lines->add(to_json(product).dump() + "\n"); };
  }

  Result<void> keep(std::string_view run_id) override {
    const auto name = archive_.directory_ / fmt::format("{}{}", run_id, kSuffix);
    std::error_code failure;
    std::filesystem::rename(path_, name, failure);
    if (failure) return unwritable(archive_.directory_, failure.value());
    kept_ = true;
    forget_oldest();
    return {};
  }

 private:
  class Lines {
   public:
    Lines(int descriptor, std::uint64_t room) : descriptor_(descriptor), room_(room) {}
    ~Lines() { ::close(descriptor_); }
    Lines(const Lines&) = delete;
    Lines& operator=(const Lines&) = delete;

    /// What does not fit, or cannot be written, ends the plan; the run goes on.
    void add(std::string line) {
      if (cut_) return;
      cut_ = line.size() > room_;
      if (cut_) line = fmt::format("{}\n", kCut);
      const auto written = ::write(descriptor_, line.data(), line.size());
      if (written == static_cast<ssize_t>(line.size())) {
        room_ -= std::min<std::uint64_t>(room_, line.size());
      } else {
        cut_ = true;
      }
    }

   private:
    const int descriptor_;
    std::uint64_t room_;
    bool cut_ = false;
  };

  /// Names of runs rise with their time.
  void forget_oldest() const {
    std::vector<std::filesystem::path> plans;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(archive_.directory_, ignored)) {
      if (entry.path().extension() == kSuffix) plans.push_back(entry.path());
    }
    std::sort(plans.begin(), plans.end(), std::greater<>());
    for (std::size_t i = archive_.limits_.plans; i < plans.size(); ++i) std::filesystem::remove(plans[i], ignored);
  }

  const PlanArchive& archive_;
  const std::filesystem::path path_;
  const std::shared_ptr<Lines> lines_;
  bool kept_ = false;
};

PlanArchive::PlanArchive(std::filesystem::path directory, Limits limits)
    : directory_(std::move(directory)), limits_(limits) {}

Result<std::unique_ptr<PlanArchive::Draft>> PlanArchive::begin() {
  if (::mkdir(directory_.c_str(), S_IRWXU) != 0 && errno != EEXIST) return unwritable(directory_, errno);
  std::string path = (directory_ / ".draft-XXXXXX").string();
  const int descriptor = ::mkostemp(path.data(), O_CLOEXEC | O_APPEND);
  if (descriptor < 0) return unwritable(directory_, errno);
  return std::make_unique<File>(*this, path, descriptor);
}

Result<PlanArchive::Page> PlanArchive::read(std::string_view run_id, std::uint64_t from, std::size_t limit) const {
  std::ifstream in(directory_ / fmt::format("{}{}", run_id, kSuffix), std::ios::binary);
  if (!in) {
    return fail("plan.not_found", fmt::format("There is no plan of sync {}.", run_id),
                fmt::format("The plans of the latest {} dry runs that were asked for here are kept.", limits_.plans));
  }
  char before = '\n';
  if (from > 0) in.seekg(static_cast<std::streamoff>(from - 1)).get(before);
  if (!in || before != '\n') {
    return fail("plan.bad_place", fmt::format("No line of the plan begins at {}.", from),
                R"(Ask for the "next" of another page, or leave "after" out.)");
  }
  Page page{{}, from, false, false};
  std::string line;
  std::uint64_t bytes = 0;
  while (page.lines.size() < limit && bytes < kPageBytes) {
    if (!std::getline(in, line) || in.eof()) {  // at the end, or a line that is being written
      page.last = true;
      break;
    }
    page.next += line.size() + 1;
    bytes += line.size() + 1;
    page.cut = line == kCut;
    if (!page.cut) page.lines.push_back(std::move(line));
  }
  return page;
}

}  // namespace product_sync::server
