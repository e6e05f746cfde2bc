// The story of a product, as the command and the API tell it.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "catch.hpp"
#include "installation.hpp"

using namespace product_sync;

namespace {

Json story_of(const Installation& installation, const std::string& sku) {
  return installation.api("/v1/sites/eu/products/" + sku);
}

std::vector<std::string> kinds_of(const Json& product) {
  std::vector<std::string> kinds;
  for (const auto& step : product["story"]) kinds.push_back(step["kind"]);
  return kinds;
}

/// Each has its time, its sync and a sentence, and they stand in their order. A notification that waits has no sync yet.
void check_each_step(const Json& product) {
  for (const auto& step : product["story"]) {
    INFO(step.dump(1));
    CHECK(step["at"].is_string());
    REQUIRE(step["text"].is_string());
    const bool waits = step["text"].get<std::string>().ends_with("waits to be read.");
    CHECK(step["run"].is_string() != waits);
  }
  CHECK(std::ranges::is_sorted(product["story"], {}, [](const Json& step) { return step["at"].get<std::string>(); }));
}

/// Of the steps of that kind, the last.
Json last_step(const Json& product, const std::string& kind) {
  Json last;
  for (const auto& step : product["story"]) {
    if (step["kind"] == kind) last = step;
  }
  return last;
}

std::string sent_cell(const Json& row_step, const std::string& column) {
  for (const auto& cell : row_step["row"]) {
    if (cell["column"] == column) return cell["text"];
  }
  return "(blank)";
}

/// Whether the words stand in the text in this order.
bool in_order(const std::string& text, const std::vector<std::string>& words) {
  std::size_t at = 0;
  for (const auto& word : words) {
    at = text.find(word, at);
    if (at == std::string::npos) return false;
    at += word.size();
  }
  return true;
}

/// An exported item of that class.
std::string item_of_class(const Installation& installation, const std::string& item_class) {
  for (const auto& [key, item] : installation.exported_items()) {
    if (item["ItemClass"]["value"].get<std::string>().starts_with(item_class)) return key;
  }
  throw std::runtime_error("no exported item of class " + item_class);
}

void await_state(const Installation& installation, const std::string& sku, const std::string& state) {
  await(sku + " to be " + state, [&] { return story_of(installation, sku)["state"] == state; });
}

}  // namespace

TEST_CASE("one SKU's story goes from the notification through SFTP to the product ID in Acumatica") {
  Installation installation({.items = 40, .acumatica = {"--seed", "51"}, .rithum_interface = true});
  installation.serve();
  REQUIRE(installation.sync("full")["counts"]["failed"] == 0);
  installation.settle();
  const auto sku = installation.exported_items().begin()->first;
  await("the product ID in Acumatica", [&] { return !last_step(story_of(installation, sku), "write_back").is_null(); });

  installation.change({{"keys", {sku}}, {"set", {{"Description", "Told in full"}}}});
  await("the row of the change", [&] {
    return sent_cell(last_step(story_of(installation, sku), "row"), "Auction Title") == "Told in full";
  });
  await_state(installation, sku, "confirmed");

  const auto product = story_of(installation, sku);
  CHECK(in_order(fmt::format("{}", fmt::join(kinds_of(product), " ")),
                 {"read decision plan row delivery outcome product_id", "write_back", "notification", "read", "decision",
                  "plan row delivery outcome"}));
  check_each_step(product);
  const auto plan = last_step(product, "plan");
  REQUIRE(plan["changes"].size() == 1);
  CHECK(plan["changes"][0]["field"] == "Auction Title");
  CHECK(plan["changes"][0]["after"] == "Told in full");
  CHECK_THAT(last_step(product, "delivery")["text"].get<std::string>(), ContainsSubstring("sftp://"));
  CHECK(last_step(product, "row")["file"]["name"] == last_step(product, "delivery")["file"]["name"]);
  const auto run = installation.api("/v1/syncs/" + plan["run"].get<std::string>());
  CHECK(run["type"] == "push");
  CHECK(run["file"] == last_step(product, "row")["file"]["name"]);
  CHECK(product["remedy"].is_null());
  CHECK(product["product_id"] == product["product_id_in_acumatica"]);

  SECTION("the command tells the same, beside the service and after it") {
    std::string typed = sku;
    std::ranges::transform(typed, typed.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    REQUIRE(installation.run({"product", " " + typed}) == 0);
    CHECK(in_order(installation.output(),
                   {sku + " of site eu", "confirmed since", "written to Acumatica", "Auction Title = Told in full",
                    "Its story", "  notification  ", "  plan  ", "Auction Title: ", " -> \"Told in full\"", "  row  ",
                    "Inventory Number = " + sku, "Auction Title = Told in full", "  delivery  ", "sftp://", "  outcome  "}));
    CHECK(installation.stop_service() == 0);
    REQUIRE(installation.run({"product", sku, "--json"}) == 0);
    auto printed = Json::parse(installation.output());
    CHECK(printed["site"] == "eu");
    CHECK(printed["story"].size() >= product["story"].size());
  }
  SECTION("an unknown SKU is answered with those that may have been meant") {
    const auto mistyped = sku + "X";
    CHECK(installation.run({"product", mistyped}) == 1);
    CHECK(installation.output().empty());
    CHECK_THAT(installation.error_output(),
               ContainsSubstring("no product " + mistyped) && ContainsSubstring("Did you mean " + sku + "?"));
    CHECK(installation.run({"product"}) == 2);
    CHECK(installation.run({"product", sku, "--site", "mars"}) == 2);

    const auto answer = installation.get("/v1/sites/eu/products/" + mistyped);
    CHECK(answer.status == 404);
    CHECK_THAT(answer.content_type, ContainsSubstring("application/problem+json"));
    CHECK_THAT(answer.body, ContainsSubstring("Did you mean " + sku));
    CHECK(installation.get("/v1/sites/eu/products/no%2Fsuch%20thing").status == 404);
  }
}

TEST_CASE("through the interface: one SKU is confirmed, one is refused, and one is parked, each with its story") {
  Installation installation({.items = 60,
                             .acumatica = {"--seed", "52"},
                             .rithum_interface = true,
                             .message_queue_threshold = 100,
                             .classifications = {"Electronics"}});
  installation.serve();
  REQUIRE(installation.sync("delta")["counts"]["failed"] == 0);  // a full sync would go by file
  const auto good = item_of_class(installation, "ELEC");
  const auto bad = item_of_class(installation, "TOYS");  // the account has no such classification
  await_state(installation, good, "confirmed");
  await_state(installation, bad, "rejected");

  await("the product ID in Acumatica", [&] { return !last_step(story_of(installation, good), "write_back").is_null(); });

  const auto confirmed = story_of(installation, good);
  CHECK(in_order(fmt::format("{}", fmt::join(kinds_of(confirmed), " ")),
                 {"read decision plan row delivery outcome", "product_id", "write_back"}));
  check_each_step(confirmed);
  CHECK(last_step(confirmed, "delivery")["text"] == "The file is at Rithum's interface.");
  CHECK(last_step(confirmed, "outcome")["text"] == "Rithum holds what was sent.");
  CHECK(last_step(confirmed, "outcome")["run"] == last_step(confirmed, "plan")["run"]);

  const auto refused = story_of(installation, bad);
  const auto outcome = last_step(refused, "outcome");
  CHECK(outcome["code"] == "rithum.row_refused");
  CHECK_THAT(outcome["text"].get<std::string>(), ContainsSubstring("Rithum refused it: ") && ContainsSubstring("Toys"));
  CHECK(outcome["file"]["name"] == last_step(refused, "row")["file"]["name"]);
  CHECK(sent_cell(last_step(refused, "row"), "Classification") == "Toys");
  CHECK_THAT(refused["remedy"].get<std::string>(), ContainsSubstring("product-sync retry-rejected " + bad));

  installation.change({{"keys", {good}}, {"set", {{"Description", std::string(121, 'x')}}}});  // one more than allowed
  await_state(installation, good, "parked");
  const auto parked = story_of(installation, good);
  CHECK(parked["state"] == "parked");
  CHECK(parked["story"].back()["kind"] == "decision");
  CHECK(parked["story"].back()["code"] == "value.too_long");
  CHECK(in_order(fmt::format("{}", fmt::join(kinds_of(parked), " ")), {"write_back", "notification", "read", "decision"}));
  check_each_step(parked);
  CHECK_THAT(parked["remedy"].get<std::string>(), ContainsSubstring("Correct what the reason names"));
  REQUIRE(installation.run({"product", good}) == 0);
  CHECK(in_order(installation.output(), {"parked since", "value.too_long", "what to do", "  decision      Parked: "}));
  CHECK(installation.stop_service() == 0);
}
