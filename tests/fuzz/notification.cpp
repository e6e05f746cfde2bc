#include "acumatica/notification.hpp"

#include <nlohmann/json.hpp>
#include <unordered_set>

#include "base/bytes.hpp"
#include "fuzz/must_hold.hpp"

using namespace product_sync;

namespace {

/// Whether another parser takes the body for JSON too, in the two forms on which they agree to disagree.
bool is_json(std::string_view body) {
  const bool two_marks = body.starts_with("\xEF\xBB\xBF\xEF\xBB\xBF");
  return !two_marks && body.find('\0') == body.npos && nlohmann::json::accept(body.begin(), body.end());
}

bool is_utf8(const std::string& text) { return nlohmann::json::accept(json_quote(text)); }

void check_refusal(const acumatica::Malformed& refusal, std::string_view body) {
  must_hold(refusal.code.starts_with("notification."), "a refusal has a code");
  must_hold(!refusal.reason.empty() && refusal.reason.size() < 300, "a refusal has a reason of bounded length");
  must_hold(is_utf8(refusal.reason), "a reason can be sent as JSON");
  must_hold(refusal.offset <= body.size() + 1, "the place of a fault is in the body or just behind it");
  if (refusal.code == "notification.syntax") {
    must_hold(!is_json(body), "what another parser takes for JSON is not refused as syntax");
    must_hold(refusal.offset > 0, "a fault of syntax has a place");
  }
}

void check_notification(const acumatica::Notification& notification, std::string_view body,
                        const acumatica::NotificationRules& rules) {
  must_hold(is_json(body), "what is accepted is JSON");
  must_hold(!notification.id.empty(), "a notification has an id");
  must_hold(notification.keys.size() <= rules.most_keys, "the number of keys is bounded");
  std::unordered_set<std::string> seen;
  for (const auto& key : notification.keys) {
    must_hold(!key.empty() && key.back() != ' ', "a key is trimmed and not empty");
    must_hold(is_utf8(key) && key.find('\0') == key.npos, "a key is text");
    must_hold(seen.insert(key).second, "a key is named once");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const acumatica::NotificationRules rules{.key_columns = {"InventoryID", "KitInventoryID"}, .most_keys = 3};
  const auto parsed = acumatica::parse_notification(body, rules);
  if (parsed) {
    check_notification(*parsed, body, rules);
  } else {
    check_refusal(parsed.error(), body);
  }
  return 0;
}
