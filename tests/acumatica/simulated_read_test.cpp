// RestItemSource against the simulator, a program of its own that was written from the same facts.

#include <algorithm>
#include <map>
#include <memory>
#include <thread>

#include "acumatica/rest_item_source.hpp"
#include "catalog/source.hpp"
#include "catch.hpp"
#include "simulated_instance.hpp"

using namespace product_sync;
using namespace product_sync::acumatica;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kItems = 3000;

/// A simulated instance and a source that reads it. Its waits are short, its clock is real.
struct Simulation {
  net::CurlRuntime runtime;
  SimulatedInstance instance;
  SystemClock clock;
  Logger logger{LogFormat::text, LogLevel::error};
  net::CurlHttpClient client{{}, clock};
  TemporaryDirectory directory{"tokens"};
  FileTokenStore store{directory / "token.json", clock};
  RestItemSourceOptions options;
  catalog::Needs needs;
  std::map<std::string, std::size_t> seen;  ///< how often each key was handed on

  explicit Simulation(std::vector<std::string> arguments = {}, std::size_t items = kItems)
      : instance(with_items(std::move(arguments), items)) {
    options.base_url = instance.url();
    options.tenant = "MyTenant";
    options.credentials = PasswordGrant{"product-sync", Secret("client-secret"), "admin", Secret("secret")};
    options.endpoint_version = "24.200.001";
    options.retry.backoff = {10ms, 50ms, 2.0, 0.2};
    needs.fields = {"Description", "ItemStatus", "DefaultPrice"};
    needs.attributes = true;
    needs.cross_references = true;
    needs.custom_fields = {"ItemSettings.UsrActiveOnRithum"};
  }

  static std::vector<std::string> with_items(std::vector<std::string> arguments, std::size_t items) {
    arguments.insert(arguments.end(), {"--items", std::to_string(items)});
    return arguments;
  }

  void sign_in_by_cookies() { options.credentials = CookieLogin{"admin", Secret("secret"), "", ""}; }

  std::unique_ptr<RestItemSource> source() {
    return std::make_unique<RestItemSource>(
        options, needs, client, RestItemSource::make_session(options, client, store, clock, logger), clock, logger);
  }

  Result<ReadSummary> read(const Selection& selection = Everything{}) {
    seen.clear();
    const auto from = source();
    return from->read(selection,
                      [&](std::vector<catalog::Item>&& page) -> Result<void> {
                        CHECK(page.size() <= options.page_size);
                        for (const auto& item : page) ++seen[item.inventory_id];
                        return {};
                      },
                      {});
  }

  /// Reads everything and compares with the one list of all keys: each exactly once.
  void reads_everything() {
    const auto summary = read();
    INFO((summary ? "" : summary.error().text()));
    REQUIRE(summary);
    CHECK(summary->items == seen.size());
    CHECK(summary->failed.empty());
    std::map<std::string, std::size_t> expected;
    for (const auto& record : instance.all_records()) ++expected[record["InventoryID"]["value"].get<std::string>()];
    CHECK(expected.size() == instance.stats()["items"].get<std::size_t>());
    CHECK(seen == expected);
  }

  std::uint64_t requests() { return instance.stats()["licence"]["processed"].get<std::uint64_t>(); }
};

}  // namespace

TEST_CASE("three thousand items are read by keyset, each once, in as few requests as pages", "[simulator]") {
  Simulation s;
  const auto summary = s.read();
  REQUIRE(summary);
  CHECK(summary->items == kItems);
  CHECK(s.requests() == 8);  // six full pages, an empty one, and the proof of completeness
  s.reads_everything();
}

TEST_CASE("the items hold what a record of the simulator says", "[simulator]") {
  Simulation s({}, 400);
  std::map<std::string, catalog::Item> items;
  REQUIRE(s.source()->read(Everything{},
                           [&](std::vector<catalog::Item>&& page) -> Result<void> {
                             for (auto& item : page) items[item.inventory_id] = std::move(item);
                             return {};
                           },
                           {}));
  const auto text = [](const nlohmann::json& field) {
    return field.is_object() && field.contains("value") && field["value"].is_string()
               ? field["value"].get<std::string>()
               : "";
  };
  const auto records =
      s.instance.all_records("$expand=Attributes,CrossReferences&$custom=ItemSettings.UsrActiveOnRithum");
  REQUIRE(records.size() == 400);
  for (const auto& record : records) {
    const catalog::Item& item = items[text(record["InventoryID"])];
    CHECK(item.field("Description") == text(record.value("Description", nlohmann::json())));
    CHECK(item.attributes.size() == record["Attributes"].size());
    CHECK(item.cross_references.size() == record["CrossReferences"].size());
    const auto price = std::stod(item.field("DefaultPrice"));
    CHECK(price == record["DefaultPrice"]["value"].get<double>());
  }
}

TEST_CASE("a shuffled list is read by $skip, each item once", "[simulator]") {
  Simulation s({"--order", "shuffled"});
  s.options.page_size = GENERATE(500U, 37U);
  s.reads_everything();
}

TEST_CASE("lists whose expands cannot be optimized are read item by item", "[simulator]") {
  Simulation s({"--cannot-optimize", "Attributes"}, 300);
  s.reads_everything();
  CHECK(s.requests() > 300);
}

TEST_CASE("throttling, errors and cut or truncated answers cost attempts and no items", "[simulator]") {
  struct Row {
    const char* what;
    nlohmann::json behaviour;
  };
  const auto row = GENERATE(
      Row{"429", {{"fail_next", 2}, {"fail_status", 429}}}, Row{"503", {{"fail_next", 3}, {"fail_status", 503}}},
      Row{"500 where a list worked before", {{"fail_next", 2}, {"fail_status", 500}}},
      Row{"401", {{"unauthorized_next", 1}}}, Row{"cut in the body", {{"cut_next", 3}, {"cut_after_bytes", 5000}}},
      Row{"cut at once", {{"cut_next", 1}, {"cut_after_bytes", 0}}},
      Row{"truncated", {{"truncate_next", 2}, {"truncate_bytes", 7000}}},
      Row{"empty", {{"truncate_next", 1}, {"truncate_bytes", 0}}}, Row{"an old page", {{"repeat_pages", 1}}},
      Row{"several old pages", {{"repeat_pages", 3}}});
  INFO(row.what);
  Simulation s;
  const auto source = s.source();
  bool misbehaving = false;
  const auto summary = source->read(Everything{},
                                    [&](std::vector<catalog::Item>&& page) -> Result<void> {
                                      if (!std::exchange(misbehaving, true))
                                        s.instance.behave(row.behaviour);  // from the second page on
                                      for (const auto& item : page) ++s.seen[item.inventory_id];
                                      return {};
                                    },
                                    {});
  INFO((summary ? "" : summary.error().text()));
  REQUIRE(summary);
  CHECK(s.seen.size() == kItems);
  CHECK(std::all_of(s.seen.begin(), s.seen.end(), [](const auto& each) { return each.second == 1; }));
}

TEST_CASE("a token that expires in mid-read is renewed once", "[simulator]") {
  Simulation s;
  const auto source = s.source();
  const auto summary = source->read(Everything{},
                                    [&](std::vector<catalog::Item>&& page) -> Result<void> {
                                      if (s.seen.empty()) s.instance.control("expire", {{"all", false}});
                                      for (const auto& item : page) ++s.seen[item.inventory_id];
                                      return {};
                                    },
                                    {});
  REQUIRE(summary);
  CHECK(s.seen.size() == kItems);
  CHECK(s.instance.stats()["sessions"]["refreshes"] == 1);
  CHECK(s.instance.stats()["sessions"]["refresh_reuses"] == 0);
}

TEST_CASE("reads in many threads share one seat and spend each refresh token once", "[simulator]") {
  Simulation s({"--token-ms", "1500"}, 400);
  s.options.page_size = 50;
  s.options.concurrent_requests = 4;
  s.options.burst = 100;
  const auto source = s.source();
  std::vector<std::string> outcomes(8);
  {
    std::vector<std::jthread> readers;
    for (auto& outcome : outcomes) {
      readers.emplace_back([&] {
        std::uint64_t items = 0;
        const auto summary = source->read(Everything{},
                                          [&](std::vector<catalog::Item>&& page) -> Result<void> {
                                            items += page.size();
                                            return {};
                                          },
                                          {});
        outcome = summary ? std::to_string(items) : summary.error().text();
      });
    }
  }
  CHECK(outcomes == std::vector<std::string>(8, "400"));
  const auto stats = s.instance.stats();
  CHECK(stats["sessions"]["refresh_reuses"] == 0);
  CHECK(stats["sessions"]["most_seats"] == 1);
  CHECK(stats["licence"]["most_active"] <= 4);
}

TEST_CASE("a cookie session holds one seat while it reads and none afterwards, also when it failed", "[simulator]") {
  Simulation s({"--seats", "1"});
  s.sign_in_by_cookies();
  const auto source = s.source();
  const bool fails = GENERATE(false, true);
  const auto summary = source->read(Everything{},
                                    [&](std::vector<catalog::Item>&&) -> Result<void> {
                                      CHECK(s.instance.stats()["sessions"]["seats_in_use"] == 1);
                                      return fails ? fail("test", "the disk is full") : Result<void>{};
                                    },
                                    {});
  CHECK(summary.has_value() == !fails);
  CHECK(s.instance.stats()["sessions"]["seats_in_use"] == 0);
}

TEST_CASE("when the seats are taken the error says so", "[simulator]") {
  Simulation s({"--seats", "1"}, 10);
  s.options.retry.attempts = 2;
  REQUIRE(s.read());  // its OAuth grant keeps the one seat
  s.sign_in_by_cookies();
  const auto summary = s.read();
  REQUIRE_FALSE(summary);
  CHECK(summary.error().code == "acumatica.seats_exhausted");
  CHECK(summary.error().retry == Retry::later);
}

TEST_CASE("a wrong password or secret is an error that is not tried again", "[simulator]") {
  Simulation s({}, 10);
  SECTION("OAuth") {
    s.options.credentials = PasswordGrant{"product-sync", Secret("wrong"), "admin", Secret("secret")};
    CHECK(s.read().error().code == "acumatica.authorization_lost");
  }
  SECTION("cookies") {
    s.options.credentials = CookieLogin{"admin", Secret("wrong"), "", ""};
    CHECK(s.read().error().code == "acumatica.login_refused");
  }
}

TEST_CASE("the share of the licence keeps the instance from delaying anybody", "[simulator]") {
  // A minute of 600 ms and 600 requests: 40 % of that is what the source allows itself.
  Simulation s({"--minute-ms", "6000", "--requests-per-minute", "100"}, 300);
  s.options.page_size = 10;
  s.options.burst = 1;
  s.options.licence_requests_per_minute = 1000;  // 100 in six seconds
  s.reads_everything();
  CHECK(s.instance.stats()["licence"]["delayed"] == 0);
}

TEST_CASE("changed items, and only they, are read by their modification time, whatever the tenant's zone",
          "[simulator]") {
  Simulation s({"--utc-offset-minutes", "-300", "--base-time", "2026-11-01T00:00:00Z"});
  s.options.zone_offset = GENERATE(-300min, 0min);
  const Instant before{s.clock.now() - 1s};
  const auto changed = s.instance.control("change", {{"count", 25}, {"seed", 7}, {"notify", false}, {"tell", true}});
  std::map<std::string, std::size_t> expected;
  for (const auto& each : changed["changed"]) ++expected[each["key"].get<std::string>()];
  REQUIRE(expected.size() == 25);
  REQUIRE(s.read(ModifiedBetween{before, {}}));
  CHECK(s.seen == expected);
  REQUIRE(s.read(ModifiedBetween{before - std::chrono::hours{24}, before}));
  CHECK(s.seen.empty());
}

TEST_CASE("items are read by key, in whatever spelling, and those not there are named", "[simulator]") {
  Simulation s({}, 2000);
  std::map<std::string, std::size_t> expected;
  Keys keys;
  for (const auto& record : s.instance.all_records()) {
    const auto key = record["InventoryID"]["value"].get<std::string>();
    if (keys.inventory_ids.size() % 2 == 0 || key.size() > 11)
      ++expected[key];  // the longer ones hold signs and letters of all kinds
    keys.inventory_ids.push_back(key);
  }
  keys.inventory_ids.clear();
  for (const auto& [key, times] : expected) keys.inventory_ids.push_back(key + "  ");
  for (const char* missing : {"NOSUCHITEM", "NO/SUCH", "NO'SUCH ONE"}) keys.inventory_ids.emplace_back(missing);
  const auto summary = s.read(keys);
  INFO((summary ? "" : summary.error().text()));
  REQUIRE(summary);
  CHECK(s.seen == expected);
  CHECK(summary->failed.empty());
  CHECK(summary->missing == std::vector<std::string>{"NOSUCHITEM", "NO/SUCH", "NO'SUCH ONE"});
}

TEST_CASE("items deleted and created during a read disturb none of the others", "[simulator]") {
  Simulation s({"--order", GENERATE("ascending", "shuffled")}, 1000);
  s.options.page_size = 50;
  const auto all = s.instance.all_records();
  const auto source = s.source();
  int page_number = 0;
  const auto summary = source->read(
      Everything{},
      [&](std::vector<catalog::Item>&& page) -> Result<void> {
        for (const auto& item : page) ++s.seen[item.inventory_id];
        if (++page_number == 5) {
          s.instance.control("delete", {{"keys", {page[3].inventory_id, page[4].inventory_id}}, {"notify", false}});
          s.instance.control("change", {{"keys", {"AAA-NEW"}}, {"notify", false}});
        }
        return {};
      },
      {});
  INFO((summary ? "" : summary.error().text()));
  REQUIRE(summary);
  for (const auto& record : all) CHECK(s.seen[record["InventoryID"]["value"].get<std::string>()] == 1);
}

TEST_CASE("check signs in and names what it found", "[simulator]") {
  Simulation s({}, 10);
  const auto found = s.source()->check({});
  REQUIRE(found);
  CHECK_THAT(*found, ContainsSubstring("Default 24.200.001") && ContainsSubstring("ITEM0000001"));
}

TEST_CASE("other languages are read in both forms that Acumatica has", "[simulator]") {
  Simulation s({}, 60);
  s.needs.translations = {"Description"};
  s.needs.custom_fields.emplace_back("Item.DescrTranslations");
  const auto beside = catalog::parse_source("translation:Description@fr").value();
  const auto together = catalog::parse_source("translation:Item.DescrTranslations@fr").value();
  std::size_t translated = 0;
  const auto summary = s.source()->read(Everything{},
                                        [&](std::vector<catalog::Item>&& page) -> Result<void> {
                                          for (const auto& item : page) {
                                            CHECK(view(beside, item) == view(together, item));
                                            translated += view(beside, item).empty() ? 0 : 1;
                                          }
                                          return {};
                                        },
                                        {});
  REQUIRE(summary);
  CHECK(summary->items == 60);
  CHECK(translated > 0);
}
