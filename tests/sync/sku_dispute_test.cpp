// Items that Acumatica tells apart and Rithum does not: their SKUs differ in case or outer blanks alone.

#include "catch.hpp"
#include "sync/site_sync.hpp"
#include "sync_bench.hpp"

using namespace product_sync;
using namespace std::chrono_literals;
using store::ProductState;

namespace {

class DisputeBench : public SyncBench {
 public:
  void check_both_wait() {
    const auto radio = entry("radio");
    CHECK(radio.state == ProductState::parked);
    CHECK(radio.reason_code == "sku.duplicate");
    CHECK_THAT(radio.reason, ContainsSubstring("\"RADIO\"") && ContainsSubstring("\"radio\""));
  }
};

catalog::Item unticked(const std::string& id) {
  auto item = exported_item(id);
  item.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
  return item;
}

}  // namespace

TEST_CASE("two items with one SKU both wait, wherever in the read they come") {
  DisputeBench bench;
  bench.source.page_size = GENERATE(1, 2, 100);
  for (const auto* id : {"LAMP", "RADIO", "TABLE", "radio"}) bench.source.put(exported_item(id));
  const auto run = bench.full();
  CHECK(run.state == store::RunState::partial);
  CHECK(run.counts.rows == 2);
  bench.check_both_wait();
  CHECK(bench.entry("lamp").state == ProductState::sent);
  CHECK_THAT(bench.text_of(bench.delivered().front()), !ContainsSubstring("Product RADIO") && !ContainsSubstring("Product radio"));
  CHECK(bench.later_full().counts.rows == 0);
  bench.check_both_wait();
}

TEST_CASE("an item that takes the SKU of one that was sent before makes both wait") {
  DisputeBench bench;
  bench.source.put(exported_item("RADIO"));
  bench.full();
  bench.source.put(exported_item("radio"));
  const bool by_push = GENERATE(true, false);
  CHECK((by_push ? bench.push({"radio"}) : bench.later_full()).counts.rows == 0);
  bench.check_both_wait();
  CHECK(bench.entry("radio").told.at("Auction Title") == "Product RADIO");

  // Neither gets by when it changes alone.
  bench.source.put(exported_item("RADIO", "99"));
  CHECK(bench.push({"RADIO"}).counts.rows == 0);
  bench.source.put(exported_item("radio", "98"));
  CHECK(bench.push({"radio"}).counts.rows == 0);
  bench.check_both_wait();
}

TEST_CASE("two new items in one burst both wait") {
  DisputeBench bench;
  bench.source.put(exported_item("radio"));
  bench.source.put(exported_item("RADIO"));
  CHECK(bench.push({"radio", "RADIO"}).counts.rows == 0);
  bench.check_both_wait();
}

TEST_CASE("when one of two items goes, the other goes on") {
  struct Case {
    const char* name;
    std::function<void(FakeItemSource&)> go;
  };
  const auto way = GENERATE(values<Case>({{"deleted", [](FakeItemSource& source) { source.remove("RADIO"); }},
                                          {"unticked", [](FakeItemSource& source) { source.put(unticked("RADIO")); }}}));
  const bool by_push = GENERATE(true, false);
  INFO(way.name << (by_push ? " by push" : " by a full sync"));
  DisputeBench bench;
  bench.source.put(exported_item("RADIO"));
  bench.source.put(exported_item("radio"));
  bench.full();
  bench.check_both_wait();
  way.go(bench.source);
  CHECK((by_push ? bench.push({"RADIO"}) : bench.later_full()).counts.rows == 1);
  CHECK(bench.entry("radio").state == ProductState::sent);
  CHECK(bench.entry("radio").inventory_id == "radio");
  CHECK(bench.entry("radio").reason.empty());
  CHECK(bench.later_full().counts.rows == 0);
  CHECK(bench.entry("radio").state == ProductState::sent);
}

TEST_CASE("an item that is not exported takes no SKU away from one that is") {
  DisputeBench bench;
  bench.mapping.withdrawal.steps = {catalog::WithdrawalStep::label};
  bench.mapping.arrange();
  bench.reopen();
  bench.source.put(exported_item("RADIO"));
  bench.source.put(unticked("radio"));
  bench.full();
  CHECK(bench.entry("radio").state == ProductState::sent);
  CHECK(bench.later_full().counts.rows == 0);
  CHECK(bench.push({"radio"}).counts.rows == 0);
  bench.source.remove("radio");
  CHECK(bench.push({"radio"}).counts.rows == 0);
  CHECK(bench.entry("radio").state == ProductState::sent);
}
