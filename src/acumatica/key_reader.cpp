#include "acumatica/key_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "acumatica/key_order.hpp"
#include "base/bytes.hpp"
#include "net/odata.hpp"

namespace product_sync::acumatica {
namespace {

std::string key_is(const std::string& key) { return "InventoryID eq " + net::odata_string(key); }

std::vector<std::string> trimmed_once(const std::vector<std::string>& inventory_ids) {
  std::set<std::string> seen;
  std::vector<std::string> keys;
  for (const std::string& id : inventory_ids) {
    std::string key(trim_right(id));
    if (!key.empty() && seen.insert(key).second) keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace

KeyReader::KeyReader(ItemReads& reads, const Options& options, const ItemSource::PageSink& sink, Logger& logger)
    : reads_(reads), options_(options), sink_(sink), logger_(logger) {}

Result<void> KeyReader::read(const std::vector<std::string>& inventory_ids, ReadSummary& summary) {
  summary_ = &summary;
  std::vector<std::string> together;
  std::string filter;
  for (const std::string& key : trimmed_once(inventory_ids)) {
    std::string longer = filter.empty() ? key_is(key) : filter + " or " + key_is(key);
    const bool full =
        together.size() >= options_.page_size || reads_.list_url_length(longer) > options_.longest_url;
    if (!together.empty() && full) {
      auto done = read_together(together);
      if (!done) return done;
      together.clear();
      longer = key_is(key);
    }
    together.push_back(key);
    filter = std::move(longer);
  }
  auto done = read_together(together);
  if (!done) return done;
  return flush();
}

Result<void> KeyReader::read_together(const std::vector<std::string>& keys) {
  std::set<std::string> open;  // folded keys not answered yet
  for (const std::string& key : keys) open.insert(fold_key(key));

  if (keys.size() > 1 && reads_.lists_have_details()) {
    std::string filter;
    for (const std::string& key : keys) filter += (filter.empty() ? "" : " or ") + key_is(key);
    auto page = reads_.list({filter, keys.size(), 0});
    if (!page) return tl::unexpected<Error>(std::move(page.error()));
    list_answered_ = true;
    if (reads_.lists_have_details()) {  // else the answer holds keys alone, and each item is read below
      const auto strange = [&](const std::string& id) { return open.erase(fold_key(id)) == 0; };
      const auto dropped =
          std::erase_if(page->items, [&](const catalog::Item& item) { return strange(item.inventory_id); }) +
          std::erase_if(page->failed, [&](const auto& failed) { return strange(failed.first); });
      if (dropped > 0) {
        logger_.warning("acumatica.filter_ignored", "A list filtered by key held items that were not asked for.",
                        {{"items", dropped}});
      }
      auto taken = take(std::move(*page));
      if (!taken) return taken;
    }
  }
  for (const std::string& key : keys) {
    if (open.erase(fold_key(key)) == 0) continue;
    auto alone = read_alone(key);
    if (!alone) return alone;
  }
  return {};
}

Result<void> KeyReader::read_alone(const std::string& key) {
  constexpr int kFailuresInARow = 5;  // so many are no fault of the items
  auto page = ask_for(key);
  if (!page) {
    if (!concerns_one_item(page.error()) || ++failures_in_a_row_ == kFailuresInARow) {
      return tl::unexpected<Error>(std::move(page.error()));
    }
    summary_->failed.emplace_back(key, std::move(page.error()));
    return {};
  }
  failures_in_a_row_ = 0;
  return page->keys.empty() ? confirm_missing(key) : take(std::move(*page));
}

Result<ParsedPage> KeyReader::ask_for(const std::string& key) {
  if (fits_a_path(key) || !reads_.lists_have_details()) return reads_.by_key(key);
  auto page = reads_.list({key_is(key), 1, 0});
  return page && !reads_.lists_have_details() ? reads_.complete(std::move(*page)) : page;
}

Result<void> KeyReader::confirm_missing(const std::string& key) {
  if (!list_answered_ || !fits_a_path(key)) {
    const auto list = reads_.list_keys({key_is(key), 1, 0});
    if (!list) return tl::unexpected<Error>(list.error());
    list_answered_ = true;
    if (!list->keys.empty()) {
      const auto error =
          fail("acumatica.unreadable_item",
               fmt::format("Acumatica lists item {} but does not give it by its key.", key), {}, Retry::later);
      summary_->failed.emplace_back(key, error.value());
      return {};
    }
  }
  summary_->missing.push_back(key);
  return {};
}

Result<void> KeyReader::take(ParsedPage page) {
  std::move(page.failed.begin(), page.failed.end(), std::back_inserter(summary_->failed));
  if (batch_.size() + page.items.size() > options_.page_size) {
    if (auto flushed = flush(); !flushed) return flushed;
  }
  std::move(page.items.begin(), page.items.end(), std::back_inserter(batch_));
  return {};
}

Result<void> KeyReader::flush() {
  if (batch_.empty()) return {};
  summary_->items += batch_.size();
  return sink_(std::exchange(batch_, {}));
}

}  // namespace product_sync::acumatica
