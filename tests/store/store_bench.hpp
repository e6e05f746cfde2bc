#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "catch.hpp"
#include "store/store.hpp"
#include "support/simulated_clock.hpp"

namespace product_sync::store {

// The caps with which every kind of store is opened for the contract tests.
inline constexpr std::size_t kQuarantineCount = 5;
inline constexpr std::uint64_t kQuarantineBytes = 300;
inline constexpr std::uint64_t kQuarantineBodyBytes = 100;

/// A kind of store that has to pass the contract tests.
struct StoreKind {
  std::string name;
  std::function<Result<std::unique_ptr<Store>>(const std::filesystem::path&, Clock&, Logger&)> open;
};
/// All of them. A second kind is one more entry.
[[nodiscard]] std::vector<StoreKind> store_kinds();

/// A folder of its own that goes with it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A store of one kind on a folder of its own, with simulated time.
class StoreBench {
 public:
  explicit StoreBench(StoreKind kind = store_kinds().front());

  Store& store() { return *store_; }
  Store* operator->() { return store_.get(); }
  /// Another one on the same data, as another process would open it.
  [[nodiscard]] std::unique_ptr<Store> open_another();
  void reopen();
  [[nodiscard]] Instant now() const { return clock_.now(); }
  [[nodiscard]] SimulatedClock& clock() { return clock_; }
  [[nodiscard]] Logger& log() { return log_; }
  [[nodiscard]] std::filesystem::path directory() const { return folder_.path() / "data"; }

 private:
  TemporaryFolder folder_;
  SimulatedClock clock_;
  Logger log_{LogFormat::text, LogLevel::error};
  StoreKind kind_;
  std::unique_ptr<Store> store_;
};

/// The value, or a failed test that says why there is none.
template <class T>
T must(Result<T> result) {
  INFO((result ? std::string() : result.error().code + ": " + result.error().text()));
  REQUIRE(result);
  return std::move(*result);
}
inline void must(const Result<void>& result) {
  INFO((result ? std::string() : result.error().code + ": " + result.error().text()));
  REQUIRE(result);
}
/// The code of the error that must be there.
template <class T>
std::string error_of(const Result<T>& result) {
  return result ? "no error" : result.error().code;
}

[[nodiscard]] NewNotification notification(std::string id, std::vector<std::string> keys = {"AACOMPUT01"},
                                           std::string site = "main");
[[nodiscard]] StagedRow row(std::string sku, std::string hash, Instant read_at, catalog::ToldValues told = {});
[[nodiscard]] SealedFile sealed_file(std::string name = "Inventory-AddUpdate-1.txt", std::uint64_t rows = 1);
[[nodiscard]] StateChange judged(std::string sku, ProductState state, std::string code = "", std::string reason = "");

/// Opens, stages and seals a file.
FileId seal_rows(Store& store, const std::vector<StagedRow>& rows, const std::string& run_id = "run",
                 const Consumed& consumed = {}, Instant now = {});
/// Sequences that are pending, oldest first.
std::vector<Sequence> pending(Store& store, const std::string& site = "main");

}  // namespace product_sync::store
