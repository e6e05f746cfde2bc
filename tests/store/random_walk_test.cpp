// A random walk over the whole store beside a trivial model of it; both must show the same after each step. Runs for
// every kind of store. A failure prints its seed; STORE_WALK_SEED repeats it.

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "store/states.hpp"
#include "store/store_bench.hpp"

using namespace product_sync;
using namespace product_sync::store;
using namespace std::chrono_literals;

namespace {

constexpr const char* kSite = "main";
constexpr int kSkus = 6;
constexpr int kIdentities = 40;

struct ModelRow {
  std::string hash;
  Instant read_at;
  bool withdrawn = false;
};
struct ModelFile {
  FileState state = FileState::writing;
  int attempts = 0;
  std::map<std::string, ModelRow> rows;
};
struct ModelProduct {
  ProductState state = ProductState::pending;
  std::string reason;
  std::string hash;
  std::optional<Instant> read_at;
};

/// What the headers of the store say, in maps.
struct Model {
  std::map<std::string, Sequence> identities;
  std::set<Sequence> pending;
  std::map<FileId, ModelFile> files;
  std::map<std::string, ModelProduct> ledger;
  std::map<std::string, int> retries;  ///< inventory ID -> attempts

  const ModelRow* coming(const std::string& sku, std::optional<FileId> own) const {
    for (auto file = files.rbegin(); file != files.rend(); ++file) {
      const bool counts = file->second.state == FileState::sealed || file->first == own;
      const auto row = file->second.rows.find(sku);
      if (counts && row != file->second.rows.end()) return &row->second;
    }
    return nullptr;
  }
  std::string known_hash(const std::string& sku, std::optional<FileId> own) const {
    if (const auto* row = coming(sku, own)) return row->hash;
    const auto found = ledger.find(sku);
    return found == ledger.end() ? "unknown" : found->second.hash;
  }
};

class Walk {
 public:
  Walk(StoreKind kind, unsigned seed) : bench_(std::move(kind)), random_(seed) {}

  void step() {
    using Action = void (Walk::*)();
    struct Weighted {
      Action action;
      unsigned weight;
      const char* name;
    };
    static constexpr std::array kActions{
        Weighted{&Walk::put, 20, "put"},        Weighted{&Walk::complete, 4, "complete"},
        Weighted{&Walk::open, 8, "open"},       Weighted{&Walk::stage, 20, "stage"},
        Weighted{&Walk::seal, 10, "seal"},      Weighted{&Walk::discard, 3, "discard"},
        Weighted{&Walk::deliver, 9, "deliver"}, Weighted{&Walk::fail_delivery, 3, "fail"},
        Weighted{&Walk::record, 8, "record"},   Weighted{&Walk::put_retry, 4, "put retry"},
        Weighted{&Walk::reopen, 1, "reopen"},
    };
    unsigned total = 0;
    for (const auto& each : kActions) total += each.weight;
    auto left = pick(total);
    bench_.clock().advance(std::chrono::milliseconds(pick(10)));
    for (const auto& each : kActions) {
      if (left >= each.weight) {
        left -= each.weight;
        continue;
      }
      INFO("action " << each.name);
      (this->*each.action)();
      compare();
      return;
    }
  }

  void compare() {
    CHECK(pending(bench_.store()) == std::vector<Sequence>(model_.pending.begin(), model_.pending.end()));
    compare_products();
    compare_files();
    std::map<std::string, int> retries;
    for (const auto& entry : must(bench_->retries().list(kSite, 100))) retries[entry.inventory_id] = entry.attempts;
    CHECK(retries == model_.retries);
  }

 private:
  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }
  static std::string sku(unsigned number) { return std::string(1, static_cast<char>('A' + number)); }
  std::optional<FileId> pick_file(FileState state) {
    std::vector<FileId> found;
    for (const auto& [id, file] : model_.files) {
      if (file.state == state) found.push_back(id);
    }
    if (found.empty()) return std::nullopt;
    return found[pick(static_cast<unsigned>(found.size()))];
  }
  std::vector<Sequence> pick_pending() {
    std::vector<Sequence> chosen;
    std::ranges::copy_if(model_.pending, std::back_inserter(chosen), [&](Sequence) { return pick(2) == 0; });
    return chosen;
  }

  void put() {
    const auto id = std::to_string(pick(kIdentities));
    const auto stored = must(bench_->inbox().put(notification(id)));
    const auto [known, fresh] = model_.identities.emplace(id, stored.sequence);
    CHECK(stored.repeated == !fresh);
    CHECK(stored.sequence == known->second);
    if (fresh) model_.pending.insert(stored.sequence);
  }
  void complete() {
    const auto chosen = pick_pending();
    must(bench_->inbox().complete(kSite, "run", chosen));
    for (const auto sequence : chosen) model_.pending.erase(sequence);
  }
  void open() { model_.files[must(bench_->outbox().open(kSite, "run", bench_.now()))] = {}; }
  void stage() {
    const auto file = pick_file(FileState::writing);
    if (!file) return;
    std::vector<StagedRow> rows;
    for (auto count = pick(4); count > 0; --count) {
      // Reads are a little older than now, so that files overtake each other.
      rows.push_back(
          row(sku(pick(kSkus)), "h" + std::to_string(++hashes_), bench_.now() - std::chrono::milliseconds(pick(200))));
      rows.back().withdrawn = pick(4) == 0;
      model_.files[*file].rows[rows.back().sku] = {rows.back().content_hash, rows.back().read_at, rows.back().withdrawn};
    }
    must(bench_->outbox().stage(*file, rows));
  }
  void seal() {
    const auto id = pick_file(FileState::writing);
    if (!id) return;
    Consumed consumed{pick_pending(), {}};
    for (const auto& [inventory_id, attempts] : model_.retries) {
      if (pick(2) == 0) consumed.retried.push_back(inventory_id);
    }
    must(bench_->outbox().seal(*id, sealed_file(), consumed, bench_.now()));
    auto& file = model_.files[*id];
    file.state = FileState::sealed;
    for (const auto& [name, staged] : file.rows) {
      move_to(name, ProductState::pending);
      model_.ledger[name].reason.clear();
    }
    for (const auto sequence : consumed.notifications) model_.pending.erase(sequence);
    for (const auto& inventory_id : consumed.retried) model_.retries.erase(inventory_id);
  }
  void discard() {
    const auto file = pick_file(FileState::writing);
    if (!file) return;
    must(bench_->outbox().discard(*file));
    model_.files.erase(*file);
  }
  void deliver() {
    const auto id = pick_file(FileState::sealed);  // the contract lets any; the program takes the oldest
    if (!id) return;
    const auto applied = must(bench_->outbox().delivered(*id, bench_.now()));
    auto& file = model_.files[*id];
    CHECK(applied.rows == file.rows.size());
    file.state = FileState::delivered;
    std::set<std::string> overtaken;
    for (const auto& [name, staged] : file.rows) {
      auto& product = model_.ledger[name];
      if (product.read_at > staged.read_at) overtaken.insert("id:" + name);
      product.hash = staged.hash;
      product.read_at = staged.read_at;
    }
    const auto delivered = std::exchange(file.rows, {});
    for (const auto& [name, staged] : delivered) {
      const auto& product = model_.ledger[name];
      const bool judged_since = product.state == ProductState::parked || product.state == ProductState::not_exported;
      if (judged_since || model_.coming(name, {}) != nullptr) continue;
      move_to(name, staged.withdrawn ? ProductState::withdrawn : ProductState::sent);
      model_.ledger[name].reason.clear();
    }
    for (const auto& inventory_id : overtaken) {
      const auto [entry, fresh] = model_.retries.emplace(inventory_id, 0);
      if (!fresh) ++entry->second;
    }
    CHECK(std::set<std::string>(applied.overtaken.begin(), applied.overtaken.end()) == overtaken);
  }
  void fail_delivery() {
    const auto file = pick_file(FileState::sealed);
    if (!file) return;
    must(bench_->outbox().failed(*file, {"c", "m", "", Retry::later, {}}, bench_.now(), bench_.now()));
    ++model_.files[*file].attempts;
  }
  void record() {
    const auto name = sku(pick(kSkus));
    const auto state = pick(2) == 0 ? ProductState::parked : ProductState::not_exported;
    const auto reason = "because " + std::to_string(pick(3));
    must(bench_->ledger().record(kSite, "run", std::vector{judged(name, state, "c", reason)}, bench_.now()));
    move_to(name, state);
    model_.ledger[name].reason = reason;
  }
  void put_retry() {
    const auto inventory_id = "id:" + sku(pick(kSkus));
    must(bench_->retries().put(kSite, "run", std::vector<RetryEntry>{{inventory_id, "c", "m", 1, bench_.now()}}, bench_.now()));
    const auto [entry, fresh] = model_.retries.emplace(inventory_id, 1);
    if (!fresh) ++entry->second;
  }
  void reopen() { bench_.reopen(); }

  void move_to(const std::string& name, ProductState to) {
    const auto found = model_.ledger.find(name);
    const auto from = found == model_.ledger.end() ? std::nullopt : std::optional(found->second.state);
    if (from != to) CHECK(may_follow(from, to));
    model_.ledger[name].state = to;
  }

  void compare_products() {
    const auto own = pick_file(FileState::writing);
    for (unsigned number = 0; number < kSkus; ++number) {
      const auto name = sku(number);
      CAPTURE(name);
      for (const auto& view : {std::optional<FileId>{}, own}) {
        const auto known = must(bench_->ledger().known(kSite, std::vector{"key:" + name}, view));
        const auto hash = known.empty() ? "unknown" : known.begin()->second.content_hash;
        CHECK(hash == model_.known_hash(name, view));
        const auto told = must(bench_->ledger().told(kSite, "key:" + name, view));
        const bool never = hash == "unknown" || hash.empty();
        CHECK((told ? told->at("Title") : "") == (never ? "" : "title of " + hash));
      }
      const auto entry = must(bench_->ledger().find(kSite, "key:" + name));
      const auto product = model_.ledger.find(name);
      REQUIRE(entry.has_value() == (product != model_.ledger.end()));
      if (!entry) continue;
      CHECK(entry->state == product->second.state);
      CHECK(entry->reason == product->second.reason);
      CHECK(entry->content_hash == product->second.hash);
      CHECK(entry->read_at == product->second.read_at);
    }
  }
  void compare_files() {
    const auto files = must(bench_->outbox().list(kSite, 10'000));
    REQUIRE(files.size() == model_.files.size());
    for (const auto& file : files) {
      REQUIRE(model_.files.contains(file.id));
      CHECK(file.state == model_.files[file.id].state);
      CHECK(file.attempts == model_.files[file.id].attempts);
    }
    const auto next = must(bench_->outbox().next(kSite));
    const auto oldest =
        std::ranges::find_if(model_.files, [](const auto& file) { return file.second.state == FileState::sealed; });
    REQUIRE(next.has_value() == (oldest != model_.files.end()));
    if (next) CHECK(next->id == oldest->first);
  }

  StoreBench bench_;
  Model model_;
  std::mt19937 random_;
  int hashes_ = 0;
};

}  // namespace

TEST_CASE("after any sequence of steps the store shows what its model shows") {
  const char* wanted = std::getenv("STORE_WALK_SEED");
  const auto seed = wanted != nullptr ? static_cast<unsigned>(std::stoul(wanted)) : std::random_device{}();
  CAPTURE(seed);
  Walk walk(GENERATE(from_range(store_kinds())), seed);
  for (int step = 0; step < 600; ++step) {
    CAPTURE(step);
    walk.step();
  }
}
