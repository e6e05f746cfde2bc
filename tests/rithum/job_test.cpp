#include "rithum/job.hpp"

#include <map>

#include "catch.hpp"

using namespace product_sync;
using namespace product_sync::rithum;

TEST_CASE("every documented status is running, complete, partial or failed, and an unknown one is running") {
  std::map<JobPhase, int> counts;
  for (const auto status : known_statuses()) ++counts[phase_of(status)];
  CHECK(counts[JobPhase::running] == 9);
  CHECK(counts[JobPhase::complete] == 1);
  CHECK(counts[JobPhase::partial] == 2);
  CHECK(counts[JobPhase::failed] == 6);
  CHECK(phase_of("Requeue") == JobPhase::running);
  CHECK(phase_of("SelectedForPartitioning") == JobPhase::running);
  CHECK(phase_of("CompleteWithErrors") == JobPhase::partial);
  CHECK(phase_of("FailedValidation") == JobPhase::failed);
  CHECK(phase_of("SomethingNew") == JobPhase::running);
}

TEST_CASE("a job's description needs a token and a status") {
  const auto job = parse_job("An upload", R"({"$id":"1","Token":"a+b","Status":"Pending","ResponseFileUrl":null})");
  REQUIRE(job);
  CHECK(job->token == "a+b");
  CHECK(job->status == "Pending");
  CHECK(job->result_url.empty());
  for (const auto* body : {"", "{}", R"({"Token":""})", R"({"Token":"t"})", "Bad Request"}) {
    CHECK(parse_job("An upload", body).error().code == "rithum.unexpected_reply");
  }
}
