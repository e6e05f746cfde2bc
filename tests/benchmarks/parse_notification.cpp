// Prints how many notifications a second one thread parses, for bodies of several sizes.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "acumatica/notification.hpp"

using namespace product_sync;

namespace {

/// An update of as many items as fit into about `bytes` bytes, in the form of sample S1.
std::string body_of(std::size_t bytes) {
  std::string inserted;
  std::string deleted;
  for (int item = 0; item == 0 || inserted.size() + deleted.size() + 450 < bytes; ++item) {
    const auto row = [&](std::string_view status) {
      return fmt::format(
          R"({}{{"InventoryID":"AACOMPUT{:06}","StockItem":true,"ItemStatus":"{}","QtyOnHand":1999,"InventoryItem_lastModifiedDateTime":"2024-05-05T15:16:23.1"}})",
          item == 0 ? "" : ",", item, status);
    };
    inserted += row("Inactive");
    deleted += row("Active");
  }
  return fmt::format(
      R"({{"Inserted":[{}],"Deleted":[{}],"Query":"Stock Items: Last Modified Date","CompanyId":"MyTenant","Id":"1af4d140-5321-41f2-a2ec-50b67f577c6c","TimeStamp":636295833829493672,"AdditionalInfo":{{"PXPerformanceInfoStartTime":"03/20/2025 09:22:24"}}}})",
      inserted, deleted);
}

void measure(std::size_t bytes) {
  using Clock = std::chrono::steady_clock;
  using Seconds = std::chrono::duration<double>;
  constexpr Seconds kLongEnough{2};
  const auto body = body_of(bytes);
  const acumatica::NotificationRules rules;
  std::size_t parsed = 0;
  std::size_t keys = 0;
  Seconds spent{};
  for (const auto start = Clock::now(); spent < kLongEnough; spent = Clock::now() - start) {
    for (int i = 0; i < 100; ++i, ++parsed) {
      const auto notification = acumatica::parse_notification(body, rules);
      if (!notification) std::abort();
      keys += notification->keys.size();
    }
  }
  const auto a_second = static_cast<double>(parsed) / spent.count();
  fmt::print("{:>9} bytes {:>6} keys: {:>9.0f} notifications/s {:>6.0f} MB/s\n", body.size(), keys / parsed, a_second,
             a_second * static_cast<double>(body.size()) / 1e6);
}

}  // namespace

int main() {
  for (const std::size_t bytes : {500U, 1'024U, 10'000U, 60'000U, 2'000'000U}) measure(bytes);
}
