#include "sync/feed_build.hpp"

#include "catch.hpp"
#include "sync_bench.hpp"

using namespace product_sync;
using catalog::ProductKind;

namespace {

/// A feed in the making over a real store.
class FeedBench : public SyncBench {
 public:
  explicit FeedBench(sync::FileLimits at_most) {
    std::filesystem::create_directories(spool_.path());
    plan_.limits = at_most;
  }

  Result<void> add(sync::FeedBuild& build, const std::string& sku, ProductKind kind) {
    catalog::Product product{*catalog::Sku::parse(sku), sku, "Electronics",
                             std::vector<std::string>(mapping.values.size())};
    product.kind = kind;
    product.values[0] = "Product " + sku;
    auto difference = catalog::compare(product, mapping, nullptr);
    return build.add(difference.row, {product.sku.key(), sku, sku, "hash", difference.told, clock.now(), kind});
  }

  /// SKUs of each file that waits, in the order of their delivery.
  std::vector<std::vector<std::string>> files() {
    std::vector<std::vector<std::string>> found;
    while (const auto next = store->outbox().next("eu").value()) {
      std::ifstream in(next->file.path, std::ios::binary);
      auto& skus = found.emplace_back();
      std::string line;
      std::getline(in, line);
      while (std::getline(in, line)) skus.push_back(line.substr(0, line.find('\t')));
      REQUIRE(store->outbox().delivered(next->id, clock.now()));
      CHECK(skus.size() == next->file.rows);
    }
    return found;
  }

  std::unique_ptr<sync::FeedBuild> begin() {
    run_.id = "run";
    return std::make_unique<sync::FeedBuild>(plan_, run_, store->outbox(), clock);
  }

 private:
  TemporaryDirectory spool_{"feed-build"};
  sync::FeedPlan plan_{"eu", mapping, {}, {.mode_prefix = "CAAll", .template_code = {}}, spool_.path(), {}};
  store::Run run_;
};

using Files = std::vector<std::vector<std::string>>;

}  // namespace

TEST_CASE("rows that come in any order are sent parents first and bundles last, otherwise as they came") {
  FeedBench bench({});
  auto build = bench.begin();
  for (const auto& [sku, kind] : std::vector<std::pair<std::string, ProductKind>>{{"K", ProductKind::kit},
                                                                                 {"C2", ProductKind::child},
                                                                                 {"I2", ProductKind::item},
                                                                                 {"P", ProductKind::parent},
                                                                                 {"C1", ProductKind::child},
                                                                                 {"I1", ProductKind::item}}) {
    REQUIRE(bench.add(*build, sku, kind));
    REQUIRE(build->stage());
  }
  REQUIRE(build->seal({}).value());
  CHECK(bench.files() == Files{{"P", "I2", "I1", "C2", "C1", "K"}});
}

TEST_CASE("a feed that fills several files has parents in an earlier one than children, components than bundles") {
  const auto [limits, expected] = GENERATE(table<sync::FileLimits, Files>({
      {{2, 0}, {{"P1", "I1"}, {"I2"}, {"C1", "C2"}, {"C3"}, {"K1", "K2"}}},
      {{0, 220}, {{"P1", "I1", "I2"}, {"C1", "C2", "C3"}, {"K1", "K2"}}},  // room for three rows
  }));
  FeedBench bench(limits);
  auto build = bench.begin();
  for (const auto* sku : {"K1", "K2"}) REQUIRE(bench.add(*build, sku, ProductKind::kit));
  for (const auto* sku : {"C1", "C2", "C3"}) REQUIRE(bench.add(*build, sku, ProductKind::child));
  for (const auto* sku : {"P1"}) REQUIRE(bench.add(*build, sku, ProductKind::parent));
  for (const auto* sku : {"I1", "I2"}) REQUIRE(bench.add(*build, sku, ProductKind::item));
  REQUIRE(build->seal({}).value());
  CHECK(bench.files() == expected);
}

TEST_CASE("a feed that fits is one file, however full") {
  FeedBench bench({3, 0});
  auto build = bench.begin();
  REQUIRE(bench.add(*build, "P", ProductKind::parent));
  REQUIRE(bench.add(*build, "C", ProductKind::child));
  REQUIRE(bench.add(*build, "K", ProductKind::kit));
  REQUIRE(build->seal({}).value());
  CHECK(bench.files() == Files{{"P", "C", "K"}});
}

TEST_CASE("a feed whose every row was taken back leaves nothing") {
  FeedBench bench({});
  {
    auto build = bench.begin();
    REQUIRE(bench.add(*build, "A", ProductKind::item));
    REQUIRE(build->take_back("a"));
    CHECK_FALSE(build->seal({}).value());
  }
  CHECK(bench.store->outbox().list("eu", 10)->empty());
}
