// Prints how many notifications one thread parses in a second of processor time, for bodies of several sizes. Processor
// time, because the figure shall not depend on what else the machine does.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "acumatica/notification.hpp"

using namespace product_sync;

namespace {

/// An update of as many items as fit into `bytes` bytes, in the form of sample S1, filled up to that size.
std::string body_of(std::size_t bytes) {
  std::string inserted;
  std::string deleted;
  for (int item = 0; item == 0 || inserted.size() + deleted.size() + 540 < bytes; ++item) {
    const auto row = [&](std::string_view status) {
      return fmt::format(
          R"({}{{"InventoryID":"AACOMPUT{:06}","StockItem":true,"ItemStatus":"{}","QtyOnHand":1999,"InventoryItem_lastModifiedDateTime":"2024-05-05T15:16:23.1"}})",
          item == 0 ? "" : ",", item, status);
    };
    inserted += row("Inactive");
    deleted += row("Active");
  }
  const auto with_note = [&](std::string_view note) {
    return fmt::format(
        R"({{"Inserted":[{}],"Deleted":[{}],"Query":"Stock Items: Last Modified Date","CompanyId":"MyTenant","Id":"1af4d140-5321-41f2-a2ec-50b67f577c6c","TimeStamp":636295833829493672,"AdditionalInfo":{{"userName":"{}"}}}})",
        inserted, deleted, note);
  };
  const auto bare = with_note("").size();
  return with_note(std::string(bytes > bare ? bytes - bare : 0, 'x'));
}

void measure(std::size_t bytes) {
  constexpr double kLongEnough = 2;  // seconds
  const auto body = body_of(bytes);
  const acumatica::NotificationRules rules;
  std::size_t parsed = 0;
  std::size_t keys = 0;
  double spent = 0;
  for (const auto start = std::clock(); spent < kLongEnough;
       spent = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC) {
    for (int i = 0; i < 100; ++i, ++parsed) {
      const auto notification = acumatica::parse_notification(body, rules);
      if (!notification) std::abort();
      keys += notification->keys.size();
    }
  }
  const auto a_second = static_cast<double>(parsed) / spent;
  fmt::print("{:>9} bytes {:>6} keys: {:>9.0f} notifications/s {:>6.0f} MB/s\n", body.size(), keys / parsed, a_second,
             a_second * static_cast<double>(body.size()) / 1e6);
}

}  // namespace

int main() {
  for (const std::size_t bytes : {500U, 1'024U, 10'000U, 60'000U, 2'000'000U}) measure(bytes);
}
