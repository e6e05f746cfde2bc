// Many products on every way to Rithum, some of them bad: each ends in the right state, for the right reason.

#include <fmt/format.h>

#include "catch.hpp"
#include "installation.hpp"

using namespace product_sync;

namespace {

/// Something wrong with an item, and what becomes of its product.
struct Fault {
  Json set;                 ///< in Acumatica
  bool at_rithum;           ///< only Rithum can know; otherwise it is parked
  std::string reason_code;  ///< of the parked
  std::string reason;       ///< Rithum's, or ours
};

/// What Rithum knows better than this program (classifications, suppliers, distribution centers), and what it does not.
const std::vector<Fault>& faults() {
  static const std::vector<Fault> kFaults{
      {{{"ItemClass", "GADGET"}}, true, "", "Classification: 'Gadgets' does not exist"},
      {{{"PageTitle", "NOBODY"}}, true, "", "Supplier Code: 'NOBODY' does not exist"},
      {{{"MetaDescription", "MARS=1"}}, true, "", "DC Quantity: 'MARS' is not a DC code"},
      {{{"Description", std::string(121, 'x')}}, false, "value.too_long", "120"},
      {{{"DefaultPrice", -1}}, false, "value.negative", "Buy It Now Price"},
  };
  return kFaults;
}

/// How products get to Rithum, and how it says what became of each.
struct Way {
  Transfer transfer = Transfer::sftp;
  bool by_interface = false;    ///< however many they are
  bool response_files = false;  ///< else what went by file is read back
  /// Rows that were refused are known by their absence alone.
  [[nodiscard]] bool tells_no_reason() const { return !by_interface && !response_files; }
};

Installation::Options on(const Way& way, int items) {
  Installation::Options options;
  options.items = items;
  options.transfer = way.transfer;
  options.message_queue_threshold = way.by_interface ? 100'000 : 0;
  // The product ID is no column of the push notification's inquiry.
  options.acumatica = {"--seed", "61", "--plain-keys", "--track", "Description"};
  options.rithum = {"--supplier", "ACME", "--dc", "MAIN", "--pickup-delay-ms", "200", "--partition-rows", "1000"};
  options.rithum_interface = true;
  options.columns =
      "        Supplier Code: field:PageTitle\n"
      "        DC Quantity: field:MetaDescription\n"
      "        DC Quantity Update Type: constant:partial dc list\n";
  options.response_files = way.response_files;
  options.confirmation = fmt::format("      filtered_reads_up_to: 100000\n      overdue_after: {}\n",
                                     way.tells_no_reason() ? "3s" : "10m");
  return options;
}

/// `bad` exported items, as many of each fault, spread over the catalogue.
std::map<std::string, const Fault*> spoil(Installation& installation, std::size_t bad) {
  std::vector<std::string> keys;
  for (const auto& [key, item] : installation.exported_items()) keys.push_back(key);
  REQUIRE(keys.size() > 2 * bad);
  std::map<std::string, const Fault*> spoiled;
  for (std::size_t i = 0; i < faults().size(); ++i) {
    Json chosen = Json::array();
    for (std::size_t n = i; n < bad; n += faults().size()) {
      const auto& key = keys[n * keys.size() / bad];
      chosen.push_back(key);
      spoiled[key] = &faults()[i];
    }
    installation.change({{"keys", chosen}, {"set", faults()[i].set}, {"notify", false}});
  }
  return spoiled;
}

std::map<std::string, std::string> written_ids(const Installation& installation) {
  std::map<std::string, std::string> ids;
  for (const auto& item : installation.acumatica().items({{"$custom", "ItemSettings.UsrRithumProductID"}}).json()) {
    const auto id = item.value("/custom/ItemSettings/UsrRithumProductID/value"_json_pointer, Json());
    auto key = item["InventoryID"]["value"].get<std::string>();
    key.erase(key.find_last_not_of(' ') + 1);
    if (id.is_string() && !id.get<std::string>().empty()) ids[key] = id;
  }
  return ids;
}

void check_states(const Installation& installation, const std::map<std::string, const Fault*>& spoiled,
                  const Way& way) {
  const auto products = installation.products();
  for (const auto& [sku, entry] : installation.ledger()) {
    INFO(sku << ": " << entry.dump());
    const auto fault = spoiled.find(sku);
    const auto state = entry["state"].get<std::string>();
    const auto reason = entry["reason"].is_null() ? std::string() : entry["reason"].get<std::string>();
    if (fault == spoiled.end()) {
      CHECK((state == "confirmed") == products.contains(sku));
      CHECK((state == "confirmed" || state == "not_exported"));
    } else if (!fault->second->at_rithum) {
      CHECK(state == "parked");
      CHECK(entry["reason_code"] == fault->second->reason_code);
      CHECK_THAT(reason, ContainsSubstring(fault->second->reason));
    } else if (!way.tells_no_reason()) {
      CHECK(state == "rejected");
      CHECK_THAT(reason, ContainsSubstring(fault->second->reason));
    } else {
      CHECK(state == "overdue");
      CHECK(reason == "Rithum has not shown this product since it was sent.");
    }
    if (products.contains(sku))
      CHECK(entry["product_id"] == std::to_string(products.at(sku)["id"].get<std::int64_t>()));
  }
}

/// 5,000 items, 100 of the exported ones bad, to their end.
void carry_all(const Way& way) {
  constexpr std::size_t kBad = 100;
  Installation installation(on(way, 5'000));
  const auto spoiled = spoil(installation, kBad);
  const auto good = installation.exported_items().size() - kBad;

  // A full sync always goes by file; the first delta sync reads everything too.
  REQUIRE(installation.run({"sync", way.by_interface ? "delta" : "full"}) == 3);
  installation.serve();
  installation.settle();
  const auto count = [&](const char* state) {
    return installation.api("/v1/overview")["sites"][0]["products"].value(state, std::size_t{0});
  };
  const auto eventually = [](const std::string& what, const std::function<bool()>& condition) {
    await(what, condition, std::chrono::minutes{4});
  };
  eventually("the outcome of every product", [&] { return count("pending") + count("sent") == 0; });
  eventually("late proofs", [&] { return count("confirmed") == good; });
  const auto products = installation.products();
  CHECK(products.size() == good);
  eventually("every product ID in Acumatica", [&] { return written_ids(installation).size() == good; });
  for (const auto& [sku, id] : written_ids(installation)) {
    INFO(sku);
    CHECK(id == std::to_string(products.at(sku)["id"].get<std::int64_t>()));
  }
  CHECK(count("parked") == 2 * kBad / 5);
  check_states(installation, spoiled, way);

  const auto files = installation.api("/v1/sites/eu/files?limit=1000")["files"].size();
  const auto again = installation.sync("full");
  CHECK(again["counts"]["rows"] == 0);
  CHECK(installation.api("/v1/sites/eu/files?limit=1000")["files"].size() == files);
  CHECK(installation.products() == products);
  CHECK(installation.stop_service() == 0);
}

}  // namespace

TEST_CASE("of many products by SFTP the good ones are proven and their IDs written, and each bad one is named") {
  carry_all({.transfer = Transfer::sftp, .response_files = true});
}

TEST_CASE("of many products by FTP the good ones are proven and their IDs written, and each bad one is named") {
  carry_all({.transfer = Transfer::ftp, .response_files = true});
}

TEST_CASE("of many products by FTPS the good ones are proven and their IDs written, and each bad one is named") {
  carry_all({.transfer = Transfer::ftps});
}

TEST_CASE("of many products by Rithum's interface the good ones are proven and their IDs written, and each bad one is named") {
  carry_all({.by_interface = true});
}
