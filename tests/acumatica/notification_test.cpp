#include "acumatica/notification.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <thread>

#include "base/digest.hpp"
#include "catch.hpp"
#include "support/seed.hpp"

using namespace product_sync;
using namespace product_sync::acumatica;
using namespace std::string_literals;
using Keys = std::vector<std::string>;

namespace {

std::string sample(const std::string& name) {
  std::ifstream file(NOTIFICATION_SAMPLES "/" + name + ".json", std::ios::binary);
  if (!file) throw std::runtime_error("no sample " + name);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The forms of a notification that acumatica.md §1.9 records, one file each. S1 and S2 are the vendor's own, word for
// word; of the others it gives names of columns only, and values were made up to fit.
const char* const kSamples[] = {"s1_status_change",
                                "s2_quantity_with_padded_keys",
                                "s3_enriched_additional_info",
                                "s4_passed_on_inside_body",
                                "s5_bank_transactions",
                                "s6_order",
                                "s6_quote",
                                "s6_opportunity",
                                "s7_constant_columns",
                                "s8_item_master"};

Notification parsed(const std::string& body, const NotificationRules& rules = {}) {
  const auto notification = parse_notification(body, rules);
  if (!notification) FAIL(notification.error().code << ": " << notification.error().reason);
  return *notification;
}

Malformed refused(const std::string& body) {
  const auto notification = parse_notification(body, {});
  if (notification) FAIL("accepted: " << body);
  return notification.error();
}

}  // namespace

TEST_CASE("every recorded form of a notification is read") {
  struct Row {
    const char* name;
    const char* tenant;
    const char* query;
    const char* id;
    std::uint64_t ticks;
    Keys key_columns;
    Keys keys;
    std::size_t inserted, deleted;
  };
  const auto row = GENERATE(Row{"s1_status_change",
                                "MyTenant",
                                "Stock Items: Last Modified Date",
                                "1af4d140-5321-41f2-a2ec-50b67f577c6c",
                                636295833829493672,
                                {"InventoryID"},
                                {"AACOMPUT01"},
                                1,
                                1},
                            Row{"s2_quantity_with_padded_keys",
                                "MyStore",
                                "Item Availability Data",
                                "06284bdf-2952-4a9a-bf60-2ad0cd33924e",
                                638465233453014192,
                                {"InventoryID"},
                                {"AALEGO500"},
                                1,
                                1},
                            Row{"s2_quantity_with_padded_keys",
                                "MyStore",
                                "Item Availability Data",
                                "06284bdf-2952-4a9a-bf60-2ad0cd33924e",
                                638465233453014192,
                                {"InventoryID", "Warehouse"},
                                {"MAIN", "AALEGO500"},
                                1,
                                1},
                            Row{"s3_enriched_additional_info",
                                "MyTenant",
                                "Stock Items: Last Modified Date",
                                "1af4d140-5321-41f2-a2ec-50b67f577c6d",
                                636295833829493673,
                                {"InventoryID"},
                                {"AACOMPUT01"},
                                1,
                                0},
                            Row{"s4_passed_on_inside_body",
                                "MyTenant",
                                "Opportunities",
                                "5d1f6a0e-0f0b-4c53-9f6e-3e5a1d2b7c11",
                                638465233453014193,
                                {"OpportunityID"},
                                {"111111"},
                                1,
                                0},
                            Row{"s5_bank_transactions",
                                "MyTenant",
                                "Bank Transactions",
                                "7f3d6c58-6c0f-4b0e-8f9b-0a1b2c3d4e5f",
                                638465233453014194,
                                {"ID"},
                                {"4711"},
                                1,
                                0},
                            Row{"s5_bank_transactions",
                                "MyTenant",
                                "Bank Transactions",
                                "7f3d6c58-6c0f-4b0e-8f9b-0a1b2c3d4e5f",
                                638465233453014194,
                                {"CuryTranAmt"},
                                {"12.50"},
                                1,
                                0},
                            Row{"s6_order",
                                "MyTenant",
                                "Orders",
                                "7f3d6c58-6c0f-4b0e-8f9b-0a1b2c3d4e60",
                                638465233453014195,
                                {"OrderNbr"},
                                {"SO000042"},
                                1,
                                0},
                            Row{"s6_quote",
                                "MyTenant",
                                "Quotes",
                                "7f3d6c58-6c0f-4b0e-8f9b-0a1b2c3d4e61",
                                638465233453014196,
                                {"QuoteNbr"},
                                {"Q000009"},
                                1,
                                0},
                            Row{"s6_opportunity",
                                "MyTenant",
                                "Opportunities",
                                "7f3d6c58-6c0f-4b0e-8f9b-0a1b2c3d4e62",
                                638465233453014197,
                                {"CROpportunity_noteID", "Owner_2"},
                                {"0b9c5f0e-52a1-4a51-8b52-7f6b1d1f0c01", "B. Owner"},
                                1,
                                0},
                            Row{"s7_constant_columns",
                                "MyTenant",
                                "cdc",
                                "7f3d6c58-6c0f-4b0e-8f9b-0a1b2c3d4e63",
                                638465233453014198,
                                {"InventoryID"},
                                {"AALEGO500"},
                                1,
                                1},
                            Row{"s8_item_master",
                                "MyTenant",
                                "Item Master",
                                "7f3d6c58-6c0f-4b0e-8f9b-0a1b2c3d4e64",
                                638465233453014199,
                                {"InventoryID"},
                                {"CONBABY1", "CONBABY2"},
                                2,
                                1});
  CAPTURE(row.name);
  const auto notification = parsed(sample(row.name), {.key_columns = row.key_columns});
  CHECK(notification.tenant == row.tenant);
  CHECK(notification.query == row.query);
  CHECK(notification.id == row.id);
  CHECK(notification.ticks == row.ticks);
  CHECK(notification.keys == row.keys);
  CHECK(notification.keys_complete);
  CHECK(notification.inserted == row.inserted);
  CHECK(notification.deleted == row.deleted);
}

TEST_CASE("rows name the items to read again, whatever else they hold") {
  struct Row {
    const char* what;
    std::string body;
    Keys keys;
    std::size_t inserted, deleted;
  };
  const auto row = GENERATE(
      Row{"empty arrays", R"({"Inserted":[],"Deleted":[]})", {}, 0, 0},
      Row{"null for an empty array", R"({"Inserted":null,"Deleted":[{"InventoryID":"A"}]})", {"A"}, 0, 1},
      Row{"one array absent", R"({"Deleted":[{"InventoryID":"A"}]})", {"A"}, 0, 1},
      Row{"rows out of order",
          R"({"Inserted":[{"InventoryID":"B"},{"InventoryID":"A"}],
                                   "Deleted":[{"InventoryID":"A"},{"InventoryID":"B"}]})",
          {"B", "A"},
          2,
          2},
      Row{"members out of order",
          R"({"Deleted":[{"InventoryID":"B"}],"Inserted":[{"InventoryID":"A"}]})",
          {"B", "A"},
          1,
          1},
      Row{"delete only", R"({"Inserted":[],"Deleted":[{"InventoryID":"A"}]})", {"A"}, 0, 1},
      Row{"an attribute null in both",
          R"({"Inserted":[{"InventoryID":"A","Color":null}],
                                           "Deleted":[{"InventoryID":"A","Color":null}]})",
          {"A"},
          1,
          1},
      Row{"equal rows in both",
          R"({"Inserted":[{"InventoryID":"A","Descr":"x"}],
                                    "Deleted":[{"InventoryID":"A","Descr":"x"}]})",
          {"A"},
          1,
          1},
      Row{"keys padded differently",
          R"({"Inserted":[{"InventoryID":"A   "},{"InventoryID":"A"}],
                                         "Deleted":[{"InventoryID":"A "}]})",
          {"A"},
          2,
          1},
      Row{"a changed key",
          R"({"Inserted":[{"InventoryID":"NEW"}],"Deleted":[{"InventoryID":"OLD"}]})",
          {"NEW", "OLD"},
          1,
          1},
      Row{"keys that differ in case or in front",
          R"({"Inserted":[{"InventoryID":"a"},{"InventoryID":"A"},
                                                      {"InventoryID":" A"}]})",
          {"a", "A", " A"},
          3,
          0},
      Row{"unknown columns and members",
          R"({"Inserted":[{"New":{"x":[1]},"InventoryID":"A"}],"Updated":[]})",
          {"A"},
          1,
          0},
      Row{"a key given twice in a row", R"({"Inserted":[{"InventoryID":"A","InventoryID":"B"}]})", {"A", "B"}, 1, 0},
      Row{"numbers as keys",
          R"({"Inserted":[{"InventoryID":10},{"InventoryID":-1},{"InventoryID":18446744073709551615},
          {"InventoryID":98765432109876543210},{"InventoryID":1.10},{"InventoryID":1e2}]})",
          {"10", "-1", "18446744073709551615", "98765432109876543210", "1.10", "1e2"},
          6,
          0},
      Row{"huge decimals elsewhere",
          R"({"Inserted":[{"InventoryID":"A","Price":12345678901234.567890,
          "Qty":98765432109876543210987654321,"Text":"\\\"1\\"}]})",
          {"A"},
          1,
          0},
      Row{"text that is not ASCII",
          R"({"Inserted":[{"InventoryID":"Größe-ñ","Descr":"日本 \ud83d\ude00"}]})",
          {"Größe-ñ"},
          1,
          0},
      Row{"escapes in names and keys", R"({"Inser\u0074ed":[{"Inventory\u0049D":"A\/B\u0043"}]})", {"A/BC"}, 1, 0},
      Row{"a zero character in a value", R"({"Inserted":[{"InventoryID":"A","Descr":"a\u0000b"}]})", {"A"}, 1, 0},
      Row{"HTML in a value",
          R"({"Inserted":[{"InventoryID":"A","Content":"<p style=\"x\">a<br/>\r\n&amp;</p>"}]})",
          {"A"},
          1,
          0},
      Row{"a byte order mark", "\xEF\xBB\xBF{\"Inserted\":[{\"InventoryID\":\"A\"}]}", {"A"}, 1, 0},
      Row{"white space around", " \r\n\t{\"Inserted\":[{\"InventoryID\":\"A\"}]}\n", {"A"}, 1, 0},
      Row{"a relay's wrapping", R"({"headers":{"x":"y"},"body":{"Inserted":[{"InventoryID":"A"}]}})", {"A"}, 1, 0},
      Row{"a body beside the rows",
          R"({"body":{"Inserted":[{"InventoryID":"B"}]},"Inserted":[{"InventoryID":"A"}]})",
          {"A"},
          1,
          0});
  CAPTURE(row.what);
  const auto notification = parsed(row.body);
  CHECK(notification.keys == row.keys);
  CHECK(notification.keys_complete);
  CHECK(notification.inserted == row.inserted);
  CHECK(notification.deleted == row.deleted);
}

TEST_CASE("a notification whose rows do not all name their item says so and keeps the keys it has") {
  struct Row {
    const char* what;
    std::string body;
    Keys keys;
  };
  const auto row = GENERATE(
      Row{"no key column", R"({"Inserted":[{"InventoryID":"A"},{"Descr":"x"}]})", {"A"}},
      Row{"no column at all", R"({"Inserted":[{"InventoryID":"A"}],"Deleted":[{}]})", {"A"}},
      Row{"another spelling of the column", R"({"Inserted":[{"inventoryID":"A"}]})", {}},
      Row{"null", R"({"Inserted":[{"InventoryID":null},{"InventoryID":"A"}]})", {"A"}},
      Row{"nothing but spaces", R"({"Inserted":[{"InventoryID":"  "},{"InventoryID":"A"}]})", {"A"}},
      Row{"a boolean", R"({"Inserted":[{"InventoryID":true},{"InventoryID":"A"}]})", {"A"}},
      Row{"an object", R"({"Inserted":[{"InventoryID":{"value":"B"}},{"InventoryID":"A"}]})", {"A"}},
      Row{"a zero character in a key", R"({"Inserted":[{"InventoryID":"B\u0000"},{"InventoryID":"A"}]})", {"A"}},
      Row{"a line break in a key", R"({"Inserted":[{"InventoryID":"B\n"},{"InventoryID":"A"}]})", {"A"}},
      Row{"a key without end",
          R"({"Inserted":[{"InventoryID":")" + std::string(1001, 'B') + R"("},{"InventoryID":"A"}]})",
          {"A"}},
      Row{"neither Inserted nor Deleted", R"({"Query":"Q","CompanyId":"T"})", {}});
  CAPTURE(row.what);
  const auto notification = parsed(row.body);
  CHECK(notification.keys == row.keys);
  CHECK_FALSE(notification.keys_complete);
}

TEST_CASE("a row that names its item in one of several key columns is complete") {
  const NotificationRules rules{.key_columns = {"KitInventoryID", "InventoryID"}};
  const auto notification = parsed(
      R"({"Inserted":[{"InventoryID":"PART","KitInventoryID":"KIT"},{"InventoryID":"A","KitInventoryID":null}]})",
      rules);
  CHECK(notification.keys == Keys{"PART", "KIT", "A"});
  CHECK(notification.keys_complete);
  CHECK_FALSE(parsed(R"({"Inserted":[{"InventoryID":"PART","KitInventoryID":"K\u0001"}]})", rules).keys_complete);
}

TEST_CASE("keys beyond the limit are not kept, and the rest is still counted") {
  const auto body =
      R"({"Inserted":[{"InventoryID":"A"},{"InventoryID":"B"},{"InventoryID":"A"},{"InventoryID":"C"}]})"s;
  const auto at_limit = parsed(body, {.most_keys = 3});
  CHECK(at_limit.keys == Keys{"A", "B", "C"});
  CHECK(at_limit.keys_complete);
  const auto over = parsed(body, {.most_keys = 2});
  CHECK(over.keys == Keys{"A", "B"});
  CHECK_FALSE(over.keys_complete);
  CHECK(over.inserted == 4);
}

TEST_CASE("TimeStamp keeps all of its 64 bits") {
  struct Row {
    const char* json;
    std::uint64_t ticks;
  };
  const auto row =
      GENERATE(Row{"636295833829493672", 636295833829493672}, Row{"636295833829493673", 636295833829493673},
               Row{"9007199254740993", 9007199254740993}, Row{"9223372036854775808", 9223372036854775808U},
               Row{"18446744073709551615", 18446744073709551615U}, Row{"0", 0}, Row{"null", 0},
               Row{R"("636295833829493673")", 636295833829493673}, Row{R"(" 42 ")", 42});
  CHECK(parsed(fmt::format(R"({{"Inserted":[],"TimeStamp":{}}})", row.json)).ticks == row.ticks);
}

TEST_CASE("repeats of a message have one identity, and another query of its transaction has another") {
  const auto body = R"({"Inserted":[],"Query":"Q","CompanyId":"T","Id":" 1AF4D140-5321-41F2-A2EC-50B67F577C6C "})"s;
  const auto first = parsed(body);
  CHECK(first.id == "1af4d140-5321-41f2-a2ec-50b67f577c6c");
  for (int repeat = 0; repeat < 5; ++repeat) CHECK(parsed(body).id == first.id);
  const auto other =
      parsed(R"({"Inserted":[],"Query":"R","CompanyId":"T","Id":"1af4d140-5321-41f2-a2ec-50b67f577c6c"})");
  CHECK(other.id == first.id);
  CHECK(other.query != first.query);
}

TEST_CASE("a message without Id is known by the digest of its body") {
  const auto* const member = GENERATE("", R"(,"Id":null)", R"(,"Id":"")", R"(,"Id":"  ")");
  const auto body = fmt::format(R"({{"Inserted":[]{}}})", member);
  CHECK(parsed(body).id == "sha256:" + to_hex(sha256(body)));
  CHECK(parsed(body + "\n").id != parsed(body).id);
}

TEST_CASE("names that are numbers are taken as their text") {
  const auto notification = parsed(R"({"Inserted":[],"CompanyId":2,"Query":1.50,"Id":98765432109876543210})");
  CHECK(notification.tenant == "2");
  CHECK(notification.query == "1.50");
  CHECK(notification.id == "98765432109876543210");
}

TEST_CASE("what is no notification is refused with the reason and the place") {
  struct Row {
    std::string body;
    const char* code;
    std::size_t offset;
    const char* reason;
  };
  const auto row = GENERATE(
      Row{"", "notification.empty", 0, "empty"}, Row{"\xEF\xBB\xBF", "notification.empty", 0, "empty"},
      Row{" \n", "notification.empty", 0, "empty"}, Row{"InventoryID=A", "notification.syntax", 1, "invalid literal"},
      Row{R"({"Inserted":[],})", "notification.syntax", 16, "expected string literal"},
      Row{R"({"Inserted":[]} {})", "notification.syntax", 17, "expected end of input"},
      Row{"\xEF\xBB\xBF{\"Inserted\":[}", "notification.syntax", 17, "unexpected '}'"},
      Row{"\xEF\xBB\xBF\xEF\xBB\xBF{\"Inserted\":[]}", "notification.syntax", 4, "two byte order marks"},
      Row{R"({"AdditionalInfo":{"x":[tru,nul]},"Inserted":[]})", "notification.syntax", 28, "invalid literal"},
      Row{R"({"Inserted":[{"Qty":NaN}]})", "notification.syntax", 21, "invalid literal"},
      Row{R"({"Inserted":[{"Qty":1e400}]})", "notification.syntax", 25, "a number is too large"},
      Row{"{\"Inserted\":[{\"Descr\":\"\xC3(\"}]}", "notification.syntax", 25, "UTF-8"},
      Row{"{\"Inserted\":[{\"Descr\":\"a\nb\"}]}", "notification.syntax", 25, "control character"},
      Row{"{\"Inserted\":[]}\0"s, "notification.syntax", 16, "zero byte"},
      Row{R"({"Inserted":[],"AdditionalInfo":)" + std::string(64, '[') + std::string(64, ']') + "}",
          "notification.too_deep", 0, "64 levels"},
      Row{std::string(500'000, '[') + std::string(500'000, ']'), "notification.too_deep", 0, "64 levels"},
      Row{"[]", "notification.not_an_object", 0, "an array"}, Row{"null", "notification.not_an_object", 0, "null"},
      Row{"\"{}\"", "notification.not_an_object", 0, "a text"}, Row{"1.5", "notification.not_an_object", 0, "a number"},
      Row{"98765432109876543210", "notification.not_an_object", 0, "a number"},
      Row{"{}", "notification.not_a_notification", 0, "none of Inserted"},
      Row{R"({"body":{"value":1}})", "notification.not_a_notification", 0, "none of Inserted"},
      Row{R"({"body":{"body":{"Inserted":[]}}})", "notification.not_a_notification", 0, "none of Inserted"},
      Row{R"({"Inserted":[],"Inserted":[{"InventoryID":"A"}]})", "notification.duplicate_member", 0,
          "Inserted is given twice"},
      Row{R"({"Id":"a","Query":"q","Id":"b"})", "notification.duplicate_member", 0, "Id is given twice"},
      Row{R"({"Inserted":{}})", "notification.wrong_type", 0, "Inserted is an object"},
      Row{R"({"Deleted":"A"})", "notification.wrong_type", 0, "Deleted is a text"},
      Row{R"({"Inserted":[{},"A"]})", "notification.wrong_type", 0, "Inserted[1] is a text"},
      Row{R"({"Deleted":[null]})", "notification.wrong_type", 0, "Deleted[0] is null"},
      Row{R"({"Query":["Q"]})", "notification.wrong_type", 0, "Query is an array"},
      Row{R"({"CompanyId":true})", "notification.wrong_type", 0, "CompanyId is a boolean"},
      Row{R"({"Id":{}})", "notification.wrong_type", 0, "Id is an object"},
      Row{R"({"TimeStamp":false})", "notification.wrong_type", 0, "TimeStamp is a boolean"},
      Row{R"({"TimeStamp":-1})", "notification.wrong_type", 0, "TimeStamp is no whole number"},
      Row{R"({"TimeStamp":6.36e17})", "notification.wrong_type", 0, "TimeStamp is no whole number"},
      Row{R"({"TimeStamp":18446744073709551616})", "notification.wrong_type", 0, "TimeStamp is no whole number"},
      Row{R"({"TimeStamp":"636295833829493672x"})", "notification.wrong_type", 0, "TimeStamp is no whole number"},
      Row{R"({"TimeStamp":""})", "notification.wrong_type", 0, "TimeStamp is no whole number"},
      Row{R"({"CompanyId":"My\u0000Tenant"})", "notification.bad_text", 0, "CompanyId has a control character"},
      Row{R"({"Query":"a\nb"})", "notification.bad_text", 0, "Query has a control character"},
      Row{R"({"Id":")" + std::string(1001, 'a') + R"("})", "notification.bad_text", 0, "Id is longer than 1000 bytes"});
  CAPTURE(row.body.substr(0, 200));
  const auto refusal = refused(row.body);
  CHECK(refusal.code == row.code);
  CHECK(refusal.offset == row.offset);
  CHECK_THAT(refusal.reason, ContainsSubstring(row.reason));
}

TEST_CASE("AdditionalInfo may be nested as deep as the limit") {
  CHECK(
      parsed(R"({"Inserted":[],"AdditionalInfo":)" + std::string(62, '[') + std::string(62, ']') + "}").keys_complete);
}

TEST_CASE("a body of two megabytes is read whole, and small ones after it") {
  std::string rows;
  while (rows.size() < 2'000'000) {
    rows += fmt::format(R"({}{{"InventoryID":"ITEM{:07}  ","Content":"<p>{}</p>"}})", rows.empty() ? "" : ",",
                        rows.size(), std::string(500, 'x'));
  }
  const auto notification = parsed(fmt::format(R"({{"Inserted":[{0}],"Deleted":[{0}],"Id":"a"}})", rows));
  CHECK(notification.keys.size() == notification.inserted);
  CHECK(notification.deleted == notification.inserted);
  CHECK(notification.keys.front() == "ITEM0000000");
  CHECK(notification.keys.back().size() == 11);
  CHECK(notification.keys_complete);
  CHECK(parsed(sample("s1_status_change")).keys == Keys{"AACOMPUT01"});
}

TEST_CASE("a sample cut off anywhere is refused, with the place of the cut as the place of the fault") {
  const auto* const name = GENERATE(from_range(std::begin(kSamples), std::end(kSamples)));
  auto body = sample(name);
  body.erase(body.find_last_of('}') + 1);
  REQUIRE(parse_notification(body, {}).has_value());
  for (std::size_t length = 0; length < body.size(); ++length) {
    const std::string cut = body.substr(0, length);
    CAPTURE(name, length);
    const auto refusal = refused(cut);
    CHECK(refusal.code == (length == 0 ? "notification.empty" : "notification.syntax"));
    CHECK(refusal.offset == (length == 0 ? 0 : length + 1));
  }
}

TEST_CASE("random damage to a sample is refused with a place inside the body, or leaves clean keys") {
  const auto seed = testing::random_seed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  std::size_t accepted = 0;
  std::size_t refusals = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto body = sample(kSamples[random() % std::size(kSamples)]);
    for (auto flips = 1 + random() % 3; flips > 0; --flips) {
      body[random() % body.size()] ^= static_cast<char>(1U << (random() % 8));
    }
    CAPTURE(round, body);
    const auto notification = parse_notification(body, {});
    if (notification) {
      ++accepted;
      const std::set<std::string> unique(notification->keys.begin(), notification->keys.end());
      if (unique.size() != notification->keys.size() || unique.contains("")) FAIL("keys are not clean");
      if (notification->id.empty()) FAIL("there is no id");
    } else {
      ++refusals;
      const auto& refusal = notification.error();
      if (refusal.reason.empty() || refusal.offset > body.size() + 1) FAIL(refusal.code << " at " << refusal.offset);
      if (refusal.code == "notification.syntax" && refusal.offset == 0) FAIL("a fault of syntax without a place");
    }
  }
  CHECK(accepted > 0);
  CHECK(refusals > 0);
}

TEST_CASE("threads parse at once without disturbing each other") {
  std::array<std::size_t, 4> right{};
  {
    std::vector<std::jthread> threads;
    for (std::size_t thread = 0; thread < right.size(); ++thread) {
      threads.emplace_back([&right, thread] {
        for (int round = 0; round < 500; ++round) {
          const auto key = fmt::format("T{}R{}", thread, round);
          const auto body = fmt::format(R"({{"Inserted":[{{"InventoryID":"{}"}}],"Id":"{}"}})", key, round);
          const auto notification = parse_notification(body, {});
          if (notification && notification->keys == Keys{key}) ++right[thread];
        }
      });
    }
  }
  CHECK(right == std::array<std::size_t, 4>{500, 500, 500, 500});
}
