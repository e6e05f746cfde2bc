#include "store/store_bench.hpp"

#include "base/digest.hpp"

namespace product_sync::store {

std::vector<StoreKind> store_kinds() {
  return {{"sqlite", [](const std::filesystem::path& directory, Clock& clock, Logger& log) {
             SqliteOptions options;
             options.directory = directory;
             options.disk_floor = 0;
             options.quarantine_count = kQuarantineCount;
             options.quarantine_bytes = kQuarantineBytes;
             options.quarantine_body_bytes = kQuarantineBodyBytes;
             return open_sqlite(options, clock, log);
           }}};
}

TemporaryFolder::TemporaryFolder() : path_(std::filesystem::temp_directory_path() / ("store_test_" + random_hex(8))) {
  std::filesystem::create_directories(path_);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

StoreBench::StoreBench(StoreKind kind) : kind_(std::move(kind)) { reopen(); }

std::unique_ptr<Store> StoreBench::open_another() { return must(kind_.open(directory(), clock_, log_)); }

void StoreBench::reopen() {
  store_.reset();
  store_ = open_another();
}

NewNotification notification(std::string id, std::vector<std::string> keys, std::string site) {
  NewNotification made;
  made.site = std::move(site);
  made.tenant = "Company";
  made.query = "Stock items";
  made.id = std::move(id);
  made.ticks = 638'680'000'000'000'000;
  made.received = Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};
  made.keys = std::move(keys);
  made.body = R"({"Inserted":[]})";
  return made;
}

StagedRow row(std::string sku, std::string hash, Instant read_at, catalog::ToldValues told) {
  if (told.empty()) told = {{"Title", "title of " + hash}};
  return StagedRow{"key:" + sku, sku, "id:" + sku, std::move(hash), std::move(told), read_at};
}

SealedFile sealed_file(std::string name, std::uint64_t rows) {
  return SealedFile{name, "/data/outbox/" + name, rows, 1'234, "0123abcd"};
}

StateChange judged(std::string sku, ProductState state, std::string code, std::string reason) {
  return StateChange{"key:" + sku, sku, "id:" + sku, state, std::move(code), std::move(reason)};
}

FileId seal_rows(Store& store, const std::vector<StagedRow>& rows, const std::string& run_id, const Consumed& consumed,
                 Instant now) {
  const auto file = must(store.outbox().open("main", run_id, now));
  must(store.outbox().stage(file, rows));
  must(store.outbox().seal(file, sealed_file("file-" + std::to_string(file) + ".txt", rows.size()), consumed, now));
  return file;
}

std::vector<Sequence> pending(Store& store, const std::string& site) {
  std::vector<Sequence> found;
  for (const auto& one : must(store.inbox().pending(site, 0, 1'000'000))) found.push_back(one.sequence);
  return found;
}

}  // namespace product_sync::store
