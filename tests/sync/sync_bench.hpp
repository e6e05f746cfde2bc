#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "fake_item_source.hpp"
#include "store/store.hpp"
#include "support/items.hpp"
#include "support/simulated_clock.hpp"
#include "support/temporary_directory.hpp"
#include "sync/delivery.hpp"
#include "sync/pipeline.hpp"
#include "sync/site_sync.hpp"
#include "transfer/directory_destination.hpp"

namespace product_sync {

/// A destination that can be told to fail. Everything else goes to a real directory.
class BreakableDestination final : public transfer::Destination {
 public:
  explicit BreakableDestination(const std::filesystem::path& path) : real_(transfer::make_directory({path})) {}

  bool broken = false;

  [[nodiscard]] transfer::Capabilities capabilities() const override { return real_->capabilities(); }
  [[nodiscard]] std::string describe() const override { return real_->describe(); }
  Result<void> put(const std::filesystem::path& local, std::string_view name, const transfer::Progress& progress,
                   std::stop_token stop) override {
    if (broken) return fail("test.broken", "The destination is broken.", {}, Retry::never);
    return real_->put(local, name, progress, std::move(stop));
  }
  Result<std::uint64_t> get(std::string_view name, const std::filesystem::path& local, std::uint64_t longest,
                            std::stop_token stop) override {
    return real_->get(name, local, longest, std::move(stop));
  }
  Result<void> rename(std::string_view from, std::string_view to, std::stop_token stop) override {
    return real_->rename(from, to, std::move(stop));
  }
  Result<std::optional<std::uint64_t>> size(std::string_view name, std::stop_token stop) override {
    return real_->size(name, std::move(stop));
  }
  Result<void> remove(std::string_view name, std::stop_token stop) override {
    return real_->remove(name, std::move(stop));
  }
  Result<std::vector<transfer::RemoteFile>> list(std::stop_token stop) override { return real_->list(std::move(stop)); }
  Result<void> check(std::stop_token stop) override { return real_->check(std::move(stop)); }

 private:
  std::unique_ptr<transfer::Destination> real_;
};

/// One site, all real but for Acumatica: SQLite store, feed files, a directory as destination.
class SyncBench {
 public:
  SyncBench() {
    std::filesystem::create_directories(directory_.path() / "spool");
    std::filesystem::create_directories(directory_.path() / "rithum");
    reopen();
  }

  /// As after a restart of the program: nothing lives on but the disk.
  void reopen() {
    site_sync.reset();
    pipeline.reset();
    delivery.reset();
    store.reset();
    auto opened = store::open_sqlite({.directory = directory_.path() / "state", .disk_floor = 0}, clock, log);
    if (!opened) throw std::runtime_error(opened.error().text());
    store = std::move(*opened);
    wire(std::nullopt);
  }

  /// Puts the parts together on the open store.
  void wire(std::optional<sync::Delivery::Interface> interface) {
    delivery = std::make_unique<sync::Delivery>("eu", destination, transfer::DeliveryOptions{.attempts = 1},
                                                interface, *store, clock, log);
    pipeline = std::make_unique<sync::Pipeline>(feed_plan(), source, *store, clock, log);
    site_sync =
        std::make_unique<sync::SiteSync>("eu", std::chrono::minutes{10}, *pipeline, *delivery, *store, clock, log);
  }

  [[nodiscard]] sync::FeedPlan feed_plan() const {
    return {"eu",   mapping, feed, {.mode_prefix = "CAAll", .template_code = {}}, directory_.path() / "spool", limits,
            guard, {},      trust_sources};
  }

  store::Run run(const sync::SyncRequest& request) {
    auto active = site_sync->begin(request);
    if (!active) throw std::runtime_error(active.error().text());
    return site_sync->execute(**active, request, {});
  }
  store::Run full() { return run({.type = store::RunType::full, .trigger = "test"}); }
  store::Run later_full() {
    clock.advance(std::chrono::hours{1});
    return full();
  }
  /// What notifications of these items lead to, a minute later.
  store::Run push(const std::vector<std::string>& keys) {
    clock.advance(std::chrono::minutes{1});
    auto run = site_sync->push({.keys = keys, .notifications = {}, .changed_since = {}}, {});
    if (!run) throw std::runtime_error(run.error().text());
    return *run;
  }
  /// The same as a dry run, and its plan.
  std::pair<std::vector<sync::PlannedProduct>, store::Run> plan(sync::SyncRequest request) {
    std::vector<sync::PlannedProduct> planned;
    request.dry_run = true;
    request.plan = [&](const sync::PlannedProduct& one) { planned.push_back(one); };
    auto ended = run(request);
    return {std::move(planned), std::move(ended)};
  }
  store::Run delta() { return run({.type = store::RunType::delta, .trigger = "test"}); }

  /// Names of the delivered files, sorted, so in the order of their times.
  [[nodiscard]] std::vector<std::string> delivered() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path() / "rithum")) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  [[nodiscard]] std::string text_of(const std::string& name) const {
    std::ifstream in(directory_.path() / "rithum" / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  [[nodiscard]] store::LedgerEntry entry(const std::string& key) const {
    const auto found = store->ledger().find("eu", key);
    if (!found || !*found) throw std::runtime_error("no ledger entry " + key);
    return **found;
  }
  [[nodiscard]] std::size_t spooled() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(directory_.path() / "spool"), {}));
  }

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_.path(); }

  SimulatedClock clock;
  Logger log{LogFormat::text, LogLevel::error};
  FakeItemSource source;
  catalog::Mapping mapping = simple_mapping();
  rithum::FeedOptions feed;
  sync::FileLimits limits;
  catalog::RemovalGuard guard;
  bool trust_sources = true;

 private:
  TemporaryDirectory directory_{"sync"};

 public:
  BreakableDestination destination{directory_.path() / "rithum"};
  std::unique_ptr<store::Store> store;
  std::unique_ptr<sync::Delivery> delivery;
  std::unique_ptr<sync::Pipeline> pipeline;
  std::unique_ptr<sync::SiteSync> site_sync;
};

}  // namespace product_sync
