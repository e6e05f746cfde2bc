#include <string>
#include <vector>

#include "catch.hpp"
#include "rithum/columns.hpp"
#include "rithum/strict_feed_reader.hpp"

using namespace rithum_simulator;
using namespace std::string_literals;

namespace {

std::vector<std::string> broken_rules(const Feed& feed) {
  std::vector<std::string> rules;
  for (const Violation& violation : feed.violations) rules.emplace_back(to_string(violation.rule));
  return rules;
}

struct Case {
  std::string feed;
  std::vector<std::string> rules;
};

}  // namespace

TEST_CASE("a feed that keeps every rule is read cell by cell") {
  const std::string ending = GENERATE("\n", "\r\n");
  const Feed feed = read_feed("Inventory Number\tAuction Title\tAttribute1Name\tAttribute1Value" + ending +
                              "A-1\tGr\xC3\xBC\xC3\x9F"
                              "e \xF0\x9F\x98\x80\tColor\tRed" +
                              ending +  //
                              "A-2\t\t\t" + ending);
  CHECK(broken_rules(feed).empty());
  REQUIRE(feed.rows.size() == 2);
  CHECK(feed.cell(0, "Auction Title") == "Grüße 😀");
  CHECK(feed.attribute(0, "Color") == "Red");
  CHECK_FALSE(feed.attribute(1, "Color").has_value());
  CHECK(feed.rows[1] == std::vector<std::string>{"A-2", "", "", ""});
}

TEST_CASE("each broken header rule is named") {
  const auto [feed, rules] = GENERATE(values<Case>({
      {"", {"header_missing"}},
      {"\n", {"header_missing"}},
      {"\xEF\xBB\xBFInventory Number\n", {"byte_order_mark"}},
      {"Inventory Number", {"last_row_unterminated"}},
      {"Inventory Number\tQuantity\t\n", {"header_empty"}},
      {"Inventory Number\t1stPrice\n", {"header_starts_with_digit", "header_unknown"}},
      {"Inventory Number\tMy Column\n", {"header_unknown"}},
      {"Inventory Number\tVariationParent SKU\n", {"header_unknown"}},
      {"inventory number\n", {"header_unknown", "header_inventory_number_missing"}},
      {"Inventory Number\tQuantity\tQuantity\n", {"header_repeated"}},
      {"Inventory Number\tAttribute1Name\n", {"header_attribute_unpaired"}},
      {"Inventory Number\tAttribute2Value\n", {"header_attribute_unpaired"}},
      {"Inventory Number\tAttribute01Name\tAttribute01Value\n", {"header_unknown", "header_unknown"}},
      {"Inventory Number\tAttribute0Name\tAttribute0Value\n", {"header_unknown", "header_unknown"}},
      {"Quantity\n", {"header_inventory_number_missing"}},
      {"Inventory Number\t\"Quantity\"\n", {"quote_at_value_start", "header_unknown"}},
  }));
  CAPTURE(feed);
  CHECK(broken_rules(read_feed(feed)) == rules);
}

TEST_CASE("header names are trimmed, and the shipping group may repeat") {
  const Feed feed = read_feed("Inventory Number \tDo Not Consolidate \t(repeat)\t(repeat)\n");
  CHECK(broken_rules(feed).empty());
  CHECK(feed.headers.front() == "Inventory Number");
}

TEST_CASE("each broken row rule is named") {
  const auto [rows, rules] = GENERATE(values<Case>({
      {"A\t1\textra\n", {"cell_count"}},
      {"A\n", {"cell_count"}},
      {"A\tone\ntwo\n", {"cell_count"}},
      {"A\tone\rtwo\n", {"carriage_return_in_value"}},
      {"\n", {"empty_line"}},
      {"A\t\"quoted\"\n", {"quote_at_value_start"}},
      {"A\t\xFC\n", {"invalid_utf8"}},
      {"A\t\xC0\xAF\n", {"invalid_utf8"}},
      {"A\t\xED\xA0\x80\n", {"invalid_utf8"}},
      {"A\t\xF4\x90\x80\x80\n", {"invalid_utf8"}},
      {"A\t\xE2\x82\n", {"invalid_utf8"}},
      {"A\tone\x0Btwo\n", {"control_character"}},
      {"A\tone\0two\n"s, {"control_character"}},
      {"A\tone\xC2\x85two\n", {"line_separator_in_value"}},
      {"A\tone\xE2\x80\xA8two\n", {"line_separator_in_value"}},
      {"A\tone\xE2\x80\xA9two\n", {"line_separator_in_value"}},
      {"A\tone\r\n", {"mixed_line_endings"}},
      {"A\tone", {"last_row_unterminated"}},
      {"A\tone\nB\ttw", {"last_row_unterminated"}},
      {"A\t" + std::string(200, 'x') + "\n",
       {
           "row_too_long",
       }},
  }));
  CAPTURE(rows);
  FeedRules feed_rules;
  feed_rules.max_row_bytes = 100;
  CHECK(broken_rules(read_feed("Inventory Number\tAuction Title\n" + rows, feed_rules)) == rules);
}

TEST_CASE("a quote inside a value and a no-break space are no faults") {
  CHECK(read_feed("Inventory Number\tAuction Title\nA\t19\" rack\nB\tone\xC2\xA0two\n").violations.empty());
}

TEST_CASE("a violation tells line, header and byte") {
  const Feed feed = read_feed(
      "Inventory Number\tAuction Title\nA\tone\nB\tab\x01"
      "c\n");
  REQUIRE(feed.violations.size() == 1);
  CHECK(feed.violations[0].line == 3);
  CHECK(feed.violations[0].header == "Auction Title");
  CHECK(feed.violations[0].detail == "cell 2, byte 3");
}

TEST_CASE("a pipe file is split at pipes and may not hold tabs") {
  FeedRules rules;
  rules.delimiter = '|';
  CHECK(read_feed("Inventory Number|Auction Title\nA|one\n", rules).cell(0, "Auction Title") == "one");
  CHECK(broken_rules(read_feed("Inventory Number|Auction Title\nA|one\ttwo\n", rules)) ==
        std::vector<std::string>{"control_character"});
}

TEST_CASE("rows longer than one read of the file stay whole") {
  const std::string description(700'000, 'd');
  const Feed feed = read_feed("Inventory Number\tDescription\nA\t" + description + "\nB\t" + description + "\n");
  CHECK(feed.violations.empty());
  REQUIRE(feed.rows.size() == 2);
  CHECK(feed.cell(1, "Description") == description);
}

TEST_CASE("every standard header is known once") {
  for (std::size_t i = 0; i < columns().size(); ++i) {
    CAPTURE(columns()[i].header);
    CHECK(column_index(columns()[i].header) == i);
  }
}
