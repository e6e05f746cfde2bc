#include "alert/webhook_channel.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "net/curl_http_client.hpp"
#include "support/scripted_http_server.hpp"

using namespace product_sync;
using namespace product_sync::alert;
using nlohmann::json;

namespace {

struct WebhookBench {
  WebhookBench() { server.always("POST", "/hook/hush", {200, "ok"}); }
  json told(WebhookForm form, const Notice& notice) {
    WebhookChannel channel(Secret(server.url("/hook/hush")), form, http);
    REQUIRE(channel.tell(notice, {}));
    const auto request = server.requests("POST", "/hook/hush").back();
    CHECK(request.header("Content-Type") == "application/json");
    return json::parse(request.body);
  }
  ScriptedHttpServer server;
  net::CurlRuntime runtime;
  SystemClock clock;
  net::CurlHttpClient http{{}, clock};
};

const Notice kNotice{Notice::Kind::raised, "eu", "freshness", "Site eu: <late> & \"old\".", "Look.", Instant{}};

}  // namespace

TEST_CASE("a webhook is sent all of the notice as JSON") {
  WebhookBench bench;
  const auto body = bench.told(WebhookForm::json, kNotice);
  CHECK(body == json{{"event", "raised"},
                     {"site", "eu"},
                     {"rule", "freshness"},
                     {"message", "Site eu: <late> & \"old\"."},
                     {"remedy", "Look."},
                     {"since", "1970-01-01T00:00:00Z"},
                     {"source", "product-sync"}});
}

TEST_CASE("a webhook of Slack is sent a text, in which markup is escaped") {
  WebhookBench bench;
  CHECK(bench.told(WebhookForm::slack, kNotice) ==
        json{{"text", "*Product Sync*: Site eu: &lt;late&gt; &amp; \"old\".\nLook."}});
  auto over = kNotice;
  over.kind = Notice::Kind::recovered;
  CHECK(bench.told(WebhookForm::slack, over) ==
        json{{"text", "*Product Sync, over*: Site eu: &lt;late&gt; &amp; \"old\"."}});
}

TEST_CASE("a webhook that refuses or is not there is an error without the address's secret part") {
  WebhookBench bench;
  bench.server.always("POST", "/gone/hush", {404, "no"});
  WebhookChannel refusing(Secret(bench.server.url("/gone/hush")), WebhookForm::json, bench.http);
  WebhookChannel missing(Secret("http://127.0.0.1:1/gone/hush"), WebhookForm::json, bench.http);
  for (auto* channel : {&refusing, &missing}) {
    const auto told = channel->tell(kNotice, {});
    REQUIRE_FALSE(told);
    CHECK(told.error().code == "alerts.webhook");
    CHECK(told.error().text().find("hush") == std::string::npos);
    CHECK(channel->describe().find("hush") == std::string::npos);
  }
}
