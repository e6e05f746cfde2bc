#include "rithum/feed_name.hpp"

#include <algorithm>

#include "catch.hpp"
#include "simulators/rithum/feed_name.hpp"

using namespace product_sync;
using namespace product_sync::rithum;

namespace {

FeedIdentity identity() { return {"eu", "full", parse_iso8601("2026-09-01T10:15:30.25Z").value(), "0000a1b2"}; }

}  // namespace

TEST_CASE("a feed's name holds mode prefix, site, kind, time, run and template") {
  CHECK(feed_name({"CAUpdate", false, "MYTEMPLATE"}, identity()).value() ==
        "CAUpdateeu-full-20260901T101530Z-0000a1b2.MYTEMPLATE.txt");
  CHECK(feed_name({"CAAdd_", false, ""}, identity()).value() == "CAAdd_eu-full-20260901T101530Z-0000a1b2.txt");
  CHECK(feed_name({"", true, ""}, identity()).value() == "eu-full-20260901T101530Z-0000a1b2.txt");
}

TEST_CASE("whatever a site, kind or run is called, the name keeps to the rules of the account") {
  FeedIdentity strange = identity();
  strange.site = GENERATE("a.b", "../../etc/passwd", "Über uns", "a b\n", "c:\\d", ".", "");
  strange.run = GENERATE("1.2", "x/y");
  CAPTURE(strange.site);
  const std::string name = feed_name({"CA Add (x)+", false, "T_1"}, strange).value();
  CHECK(std::ranges::count(name, '.') == 2);
  CHECK(name.find_first_of("/\\:\n") == std::string::npos);
  const rithum_simulator::FeedNameSettings account{
      {{"CA Add (x)+", rithum_simulator::Mode::update_only}}, rithum_simulator::Mode::detect_drop_items, {"T_1"}};
  const auto read = rithum_simulator::read_feed_name(name, account);
  CHECK(read.refusal.empty());
  CHECK(read.template_code == "T_1");
  CHECK(read.mode == rithum_simulator::Mode::update_only);
}

TEST_CASE("long names are cut to what file systems take, and runs still differ") {
  FeedIdentity identity_of_length = identity();
  identity_of_length.site = std::string(500, 's');
  const FeedNaming naming{std::string(40, 'p'), false, std::string(40, 't')};
  const std::string name = feed_name(naming, identity_of_length).value();
  CHECK(name.size() <= 200);
  identity_of_length.run = "other";
  CHECK(feed_name(naming, identity_of_length).value() != name);
}

TEST_CASE("without a mode prefix there is no name unless the account's default is called safe") {
  const auto refused = feed_name({}, identity());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "feed.name");
  CHECK_THAT(refused.error().message, ContainsSubstring("feed.mode_prefix"));
  CHECK_THAT(refused.error().message, ContainsSubstring("Detect Dropped Products"));
  CHECK_THAT(refused.error().remedy, ContainsSubstring("feed.account_default_is_safe"));
  CHECK_FALSE(check({}));
  CHECK(check({"", true, ""}));
  CHECK(check({"CAAdd", false, ""}));
}

TEST_CASE("a naming that would select something else is refused") {
  const auto [prefix, code, text] = GENERATE(table<std::string, std::string, std::string>({
      {"CA.Add", "", "feed.mode_prefix"},
      {"dir/CA", "", "feed.mode_prefix"},
      {"CA\n", "", "feed.mode_prefix"},
      {"Ünder", "", "feed.mode_prefix"},
      {std::string(41, 'x'), "", "feed.mode_prefix"},
      {"CADetectDrop", "", "Detect Dropped Products"},
      {"detect_dropped", "", "Detect Dropped Products"},
      {"CAAdd", "MY.TEMPLATE", "feed.template_code"},
      {"CAAdd", "MY TEMPLATE", "feed.template_code"},
      {"CAAdd", "../x", "feed.template_code"},
  }));
  CAPTURE(prefix, code);
  const auto refused = feed_name({prefix, true, code}, identity());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "feed.name");
  CHECK_THAT(refused.error().message, ContainsSubstring(text));
}
