// Rithum's limits of bundles (rithum.md §3.2), through the whole pipeline.

#include "catch.hpp"
#include "family_bench.hpp"

using namespace product_sync;
using store::RunState;

namespace {

using Skus = std::vector<std::string>;

/// Kits A, B, C, … of one mug each.
class MugKits : public FamilyBench {
 public:
  explicit MugKits(std::size_t number) {
    source.put(exported_item("CUP"));
    source.put(exported_item("MUG"));
    for (std::size_t i = 0; i < number; ++i) put_mug_kit(std::string(1, static_cast<char>('A' + i)));
  }

  void put_mug_kit(const std::string& id, const std::string& component = "MUG") {
    source.put(kit(id));
    source.put_kit(id, {specification(id, {{component, "", "1", true}})});
  }
};

}  // namespace

TEST_CASE("a component is in so many bundles and no more, and the kit beyond says which, how many and what to do") {
  MugKits bench(3);
  bench.mapping.bundles->most_with_component = 2;
  CHECK(bench.full().state == RunState::partial);
  CHECK(bench.newest_skus() == Skus{"CUP", "MUG", "A", "B"});
  CHECK(bench.state_of("c") == "parked bundle.component_in_too_many");
  const auto reason = bench.entry("c").reason;
  CHECK_THAT(reason, ContainsSubstring("component \"mug\" is in 2 other bundles, and Rithum takes it in at most 2"));
  CHECK_THAT(reason, ContainsSubstring("mapping.bundles.most_with_component"));

  // Those that Rithum has stay, whatever comes before them by its name.
  bench.put_mug_kit("0");
  bench.later_full();
  CHECK(bench.state_of("0") == "parked bundle.component_in_too_many");
  CHECK(bench.state_of("b") == "sent");

  // One that holds something else from now on makes room.
  bench.put_mug_kit("A", "CUP");
  bench.later_full();
  CHECK(bench.newest_skus() == Skus{"A"});
  bench.later_full();
  CHECK(bench.newest_skus() == Skus{"0"});
  CHECK(bench.state_of("c") == "parked bundle.component_in_too_many");
}

TEST_CASE("an account holds so many bundles and no more, and one that is no longer exported is still there") {
  MugKits bench(3);
  bench.mapping.bundles->most_bundles = 2;
  bench.full();
  CHECK(bench.state_of("c") == "parked bundle.too_many_bundles");
  CHECK_THAT(bench.entry("c").reason,
             ContainsSubstring("Kit \"C\": the account holds 2 bundles, and Rithum takes at most 2."));
  auto hidden = kit("A");
  hidden.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
  bench.source.put(hidden);
  bench.later_full();
  CHECK(bench.state_of("a") == "not_exported box.not_ticked");
  CHECK(bench.state_of("c") == "parked bundle.too_many_bundles");
}

TEST_CASE("bundles beyond the limits are sent where the configuration says so") {
  MugKits bench(3);
  bench.mapping.bundles->most_bundles = 1;
  bench.mapping.bundles->most_with_component = 2;
  bench.mapping.policies = {{"too_many_bundles", catalog::Policy::send},
                            {"component_in_too_many", catalog::Policy::send}};
  CHECK(bench.full().state == RunState::succeeded);
  CHECK(bench.newest_skus() == Skus{"CUP", "MUG", "A", "B", "C"});
}

TEST_CASE("a single kit that was pushed is counted with all that Rithum has") {
  MugKits bench(2);
  bench.mapping.bundles->most_with_component = 2;
  bench.full();
  bench.put_mug_kit("C");
  bench.push({"C"});
  CHECK(bench.state_of("c") == "parked bundle.component_in_too_many");
  bench.push({"B"});
  CHECK(bench.state_of("b") == "sent");
}
