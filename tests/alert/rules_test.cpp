#include "alert/rules.hpp"

#include "catch.hpp"

using namespace product_sync;
using namespace product_sync::alert;
using namespace std::chrono_literals;

namespace {

const Instant kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};

SiteFacts well() {
  SiteFacts facts;
  facts.site = "eu";
  facts.now = kNow;
  return facts;
}

/// The rules that find something, and the first message.
std::string found(const SiteFacts& facts, const Limits& limits = {}) {
  std::string names;
  for (const auto& finding : findings(facts, limits)) {
    names += finding.rule + " ";
    CHECK(finding.message.find("eu") != std::string::npos);
    CHECK_FALSE(finding.remedy.empty());
  }
  return names;
}

store::Run failed_run() {
  store::Run run;
  run.id = "run1";
  run.what.type = store::RunType::full;
  run.state = store::RunState::failed;
  run.error = "Acumatica did not answer.";
  return run;
}

}  // namespace

TEST_CASE("a site that is well gives no alert") { CHECK(found(well()).empty()); }

TEST_CASE("a change that waits too long is an alert of freshness, unless the rule is off") {
  auto facts = well();
  facts.oldest_change = kNow - 29min;
  CHECK(found(facts).empty());
  facts.oldest_change = kNow - 200min;
  CHECK(found(facts) == "freshness ");
  CHECK(findings(facts, {}).front().message == "Site eu: a change has waited for 3 h 20 min to be read and delivered.");
  CHECK(found(facts, {.freshness = 0min}).empty());
  CHECK(found(facts, {.freshness = 201min}).empty());
}

TEST_CASE("a sync that failed is an alert with its reason") {
  auto facts = well();
  facts.failed.push_back(failed_run());
  CHECK(found(facts) == "run_failed ");
  CHECK(findings(facts, {}).front().message == "Site eu: the full sync run1 failed: Acumatica did not answer.");
  CHECK(found(facts, {.run_failed = false}).empty());
}

TEST_CASE("withdrawals that were held back are an alert that names their plan") {
  auto facts = well();
  facts.held = store::WithdrawalPlan{"plan1", 500, 800, "run1", kNow, {}};
  CHECK(found(facts) == "withdrawals_held ");
  CHECK(findings(facts, {}).front().remedy.find("plan1") != std::string::npos);
  CHECK(found(facts, {.withdrawals_held = false}).empty());
}

TEST_CASE("many rejected products are an alert, few are not") {
  auto facts = well();
  facts.rejected = 99;
  CHECK(found(facts).empty());
  facts.rejected = 100;
  CHECK(found(facts) == "rejected ");
  CHECK(found(facts, {.rejected = 0}).empty());
}

TEST_CASE("silence is an alert only where notifications are expected and items changed without one") {
  auto facts = well();
  facts.expects_notifications = true;
  CHECK(found(facts).empty());  // nothing changed
  facts.change_found = kNow - 1h;
  CHECK(found(facts) == "silence ");
  CHECK(findings(facts, {}).front().message == "Site eu: items change, but no notification has come ever.");
  facts.last_notification = kNow - 12h;  // eleven hours before the change was found
  CHECK(found(facts).empty());
  facts.last_notification = kNow - 14h;
  CHECK(found(facts) == "silence ");
  CHECK(found(facts, {.silence = 0h}).empty());
  facts.expects_notifications = false;
  CHECK(found(facts).empty());
}

TEST_CASE("a schedule that was left out is an alert until it starts again") {
  auto facts = well();
  facts.skipped.push_back({"full", {kNow - 1h, "schedule.running", "the last one is still under way"}});
  CHECK(found(facts) == "schedule_skipped ");
  CHECK(findings(facts, {}).front().message ==
        "Site eu: schedule \"full\" was left out at 2026-11-23T23:00:00Z: the last one is still under way");
  CHECK(found(facts, {.schedule_skipped = false}).empty());
}

TEST_CASE("a refresh token that lies unused is an alert") {
  auto facts = well();
  facts.grant_renewed = kNow - 24h * 6;
  CHECK(found(facts).empty());
  facts.grant_renewed = kNow - 24h * 8;
  CHECK(found(facts) == "grant_unused ");
  CHECK(found(facts, {.grant_unused = 0h}).empty());
}

TEST_CASE("a disk with little room is an alert") {
  CHECK(findings(SystemFacts{2ULL << 30U}, {}).empty());
  REQUIRE(findings(SystemFacts{512ULL << 20U}, {}).size() == 1);
  CHECK(findings(SystemFacts{512ULL << 20U}, {}).front().message ==
        "512.0 MiB are free on the disk of the data directory.");
  CHECK(findings(SystemFacts{0}, {.disk = 0}).empty());
}
