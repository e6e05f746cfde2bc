// What every store promises of its index of kits (store/kit_index.hpp) and of its scratch (store/scratch.hpp).

#include "store/store_bench.hpp"

using namespace product_sync;
using namespace product_sync::store;

namespace {

std::vector<std::string> kits_of(Store& store, const std::string& component, const std::string& site = "main") {
  std::vector<std::string> kits;
  for (const auto& use : must(store.kit_index().kits_of(site, component))) kits.push_back(use.kit_id + " " + use.facts);
  return kits;
}

using Texts = std::vector<std::string>;
using Components = std::vector<KitIndex::Component>;

}  // namespace

TEST_CASE("the kits that hold a component are found, with what they knew of it") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  must(bench->kit_index().record("main", "SET", Components{{"mug", "f1"}, {"cup", "f2"}}));
  must(bench->kit_index().record("main", "BOX", Components{{"mug", "f3"}, {"mug", "f3"}}));
  must(bench->kit_index().record("other", "SET", Components{{"mug", "f4"}}));
  bench.reopen();
  CHECK(kits_of(bench.store(), "mug") == Texts{"BOX f3", "SET f1"});
  CHECK(kits_of(bench.store(), "cup") == Texts{"SET f2"});
  CHECK(kits_of(bench.store(), "mug", "other") == Texts{"SET f4"});
  CHECK(kits_of(bench.store(), "jug").empty());
}

TEST_CASE("what a kit holds replaces what it held before") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  must(bench->kit_index().record("main", "SET", Components{{"mug", "f1"}, {"cup", "f2"}}));
  must(bench->kit_index().record("main", "SET", Components{{"mug", "f5"}}));
  CHECK(kits_of(bench.store(), "mug") == Texts{"SET f5"});
  CHECK(kits_of(bench.store(), "cup").empty());
  must(bench->kit_index().record("main", "SET", {}));
  CHECK(kits_of(bench.store(), "mug").empty());
}

TEST_CASE("what Rithum was told of bundles is counted, in all and by component, whatever their kits hold by now") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  auto& index = bench->kit_index();
  must(index.record("main", "SET", Components{{"mug", "f1"}}));
  CHECK(must(index.bundles("main")) == 0);
  must(index.tell("main", "SET", Texts{"mug", "cup", "cup"}));
  must(index.tell("main", "BOX", Texts{"mug"}));
  must(index.tell("other", "SET", Texts{"mug"}));
  must(index.record("main", "SET", {}));
  bench.reopen();
  CHECK(must(bench->kit_index().told("main", "SET")) == Texts{"cup", "mug"});
  CHECK(must(bench->kit_index().bundles("main")) == 2);
  CHECK(must(bench->kit_index().bundles_with("main", "mug")) == 2);
  CHECK(must(bench->kit_index().bundles_with("main", "cup")) == 1);

  must(bench->kit_index().tell("main", "SET", Texts{"jug"}));
  CHECK(must(bench->kit_index().told("main", "SET")) == Texts{"jug"});
  CHECK(must(bench->kit_index().bundles("main")) == 2);
  CHECK(must(bench->kit_index().bundles_with("main", "mug")) == 1);
  CHECK(must(bench->kit_index().told("main", "MISSING")).empty());
}

TEST_CASE("a scratch gives back what was put, in the order of the keys, and each run has one of its own") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto scratch = must(bench->scratch());
  const auto other = must(bench->scratch());
  const std::string bytes("\0\xFF any", 6);
  must(scratch->put("a", "k2", "two"));
  must(scratch->put("a", "k1", bytes));
  must(scratch->put("a", "x", "three"));
  must(scratch->put("b", "k1", "elsewhere"));
  must(scratch->put("a", "k2", "TWO"));
  CHECK(must(scratch->get("a", "k1")) == bytes);
  CHECK(must(scratch->get("a", "k2")) == "TWO");
  CHECK_FALSE(must(scratch->get("a", "k3")));
  CHECK_FALSE(must(other->get("a", "k1")));

  const auto keys = [&](const std::string& prefix, const std::string& after, std::size_t limit) {
    Texts found;
    for (const auto& record : must(scratch->next("a", prefix, after, limit))) found.push_back(record.key);
    return found;
  };
  CHECK(keys("", "", 10) == Texts{"k1", "k2", "x"});
  CHECK(keys("", "k1", 1) == Texts{"k2"});
  CHECK(keys("k", "", 10) == Texts{"k1", "k2"});
  CHECK(keys("z", "", 10).empty());
}

TEST_CASE("a scratch leaves no file behind") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto scratch = must(bench->scratch());
  must(scratch->put("a", "k", std::string(1'000'000, 'x')));
  for (const auto& file : std::filesystem::directory_iterator(bench.directory())) {
    CHECK_THAT(file.path().filename().string(), !ContainsSubstring("scratch"));
  }
}
