#include "acumatica/list_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "acumatica/key_order.hpp"
#include "base/bytes.hpp"
#include "net/odata.hpp"

namespace product_sync::acumatica {
namespace {

/// Rows that a `$skip` page repeats from the page before: so many may vanish between two pages without a gap.
constexpr std::size_t kOverlap = 10;

/// A list that changes its order while being read by `$skip` is begun anew so often.
constexpr int kSkipWalks = 3;

/// Drops the records in front of row `first`, and those `drop` names.
template <class Drop>
void keep_from(ParsedPage& page, std::size_t first, const Drop& drop) {
  std::vector<std::string> gone;
  for (std::size_t row = 0; row < page.keys.size(); ++row) {
    if (row < first || drop(page.keys[row])) gone.emplace_back(trim_right(page.keys[row]));
  }
  if (gone.empty()) return;
  std::sort(gone.begin(), gone.end());
  const auto is_gone = [&](const std::string& id) { return std::binary_search(gone.begin(), gone.end(), id); };
  std::erase_if(page.keys, [&](const std::string& key) { return is_gone(std::string(trim_right(key))); });
  std::erase_if(page.items, [&](const catalog::Item& item) { return is_gone(item.inventory_id); });
  std::erase_if(page.failed, [&](const auto& failed) { return is_gone(failed.first); });
}

/// The row behind the latest of `tail` that is on the page; npos when none is.
std::size_t row_behind(const std::vector<std::string>& tail, const std::vector<std::string>& keys) {
  for (auto last = tail.rbegin(); last != tail.rend(); ++last) {
    const auto found =
        std::find_if(keys.begin(), keys.end(), [&](const std::string& key) { return trim_right(key) == *last; });
    if (found != keys.end()) return static_cast<std::size_t>(found - keys.begin()) + 1;
  }
  return std::string::npos;
}

std::vector<std::string> last_keys(const std::vector<std::string>& keys, std::size_t count) {
  std::vector<std::string> tail;
  for (std::size_t row = keys.size() - std::min(count, keys.size()); row < keys.size(); ++row) {
    tail.emplace_back(trim_right(keys[row]));
  }
  return tail;
}

}  // namespace

ListReader::ListReader(ItemReads& reads, ListOptions options, const ItemSource::PageSink& sink, Experience& experience,
                       Logger& logger)
    : reads_(reads), options_(std::move(options)), sink_(sink), experience_(experience), logger_(logger) {}

Result<void> ListReader::read(ReadSummary& summary) {
  summary_ = &summary;
  const bool by_skip =
      options_.paging == Paging::skip || (options_.paging == Paging::automatic && experience_.lists_unordered);
  if (by_skip) return walk_by_skip();
  const auto walk = walk_by_key();
  if (!walk) return tl::unexpected<Error>(walk.error());
  if (*walk == Walk::complete) return {};
  if (options_.paging == Paging::keyset) {
    return fail("acumatica.unordered",
                fmt::format("Acumatica's list of {} is not in the order of InventoryID.", reads_.entity().plural),
                "Set paging to automatic or skip.");
  }
  if (!experience_.lists_unordered.exchange(true)) {
    logger_.warning("acumatica.unordered",
                    fmt::format("The list of {} is not in the order of InventoryID; reading on by $skip.",
                                reads_.entity().plural),
                    {{"handed_on", handed_.size()}});
  }
  return walk_by_skip();
}

Result<ListReader::Walk> ListReader::walk_by_key() {
  std::vector<std::string> previous;
  std::uint64_t rows = 0;
  for (;;) {
    ListRange range{options_.filter, options_.page_size, 0};
    if (!previous.empty()) range.filter = both(range.filter, "InventoryID gt " + net::odata_string(previous.back()));
    bool ordered = true;
    auto page = next_in_order(range, previous, ordered);
    if (!page) return tl::unexpected<Error>(std::move(page.error()));
    if (!ordered) return Walk::unordered;

    const std::size_t count = page->keys.size();
    if (count == 0 && rows == 0 && options_.empty_is_error) {
      return fail(
          "acumatica.empty_catalogue", fmt::format("Acumatica answered that it has no {} at all.", reads_.entity().plural),
          "Check the tenant and the user's rights; if the catalogue is really empty, allow that in the configuration.");
    }
    const bool last = count < options_.page_size;
    const bool single = last && rows == 0;
    rows += count;
    previous = page->keys;
    auto handed = hand_on(std::move(*page));
    if (!handed) return tl::unexpected<Error>(std::move(handed.error()));
    if (!last) continue;
    if (rows == 0 || (single && !options_.prove_complete)) return Walk::complete;
    return prove_complete(rows);
  }
}

Result<ParsedPage> ListReader::next_in_order(const ListRange& range, const std::vector<std::string>& previous,
                                             bool& ordered) {
  // Twice: a page that repeats the one before may come from a cache or a proxy, and be right the next time.
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto page = reads_.list(range);
    if (!page) return page;
    const bool order_matters = !previous.empty() || page->keys.size() >= options_.page_size;
    ordered = !order_matters || !breaks_order(previous, page->keys);
    if (ordered) return page;
  }
  return ParsedPage{};
}

Result<ListReader::Walk> ListReader::prove_complete(std::uint64_t rows) {
  auto rest = reads_.list_keys({options_.filter, options_.page_size, rows});
  if (!rest) return tl::unexpected<Error>(std::move(rest.error()));
  if (rest->keys.empty()) return Walk::complete;
  // In an ordered list the rows at the end are the last ones read, pushed back by items created since: those are not
  // ours.
  handed_.seal();
  const bool known =
      std::all_of(rest->keys.begin(), rest->keys.end(), [&](const std::string& key) { return handed_.contains(key); });
  return known ? Walk::complete : Walk::unordered;
}

Result<void> ListReader::walk_by_skip() {
  for (int walk = 0; walk < kSkipWalks; ++walk) {
    handed_.seal();
    auto complete = walk_by_skip_once();
    if (!complete) return tl::unexpected<Error>(std::move(complete.error()));
    if (*complete) return {};
  }
  return fail("acumatica.unstable_order",
              fmt::format("The list of {} changes its order from request to request, so it cannot be read completely.",
                          reads_.entity().plural),
              "Try again when fewer items are being changed, or with a larger page size.", Retry::later);
}

/// True when the end was reached without a gap.
Result<bool> ListReader::walk_by_skip_once() {
  const std::size_t overlap = std::clamp<std::size_t>(options_.page_size / 2, 1, kOverlap);
  std::uint64_t position = 0;  // rows in front of the next page, by the last answer
  std::vector<std::string> previous;
  for (;;) {
    const std::uint64_t skip = position > overlap ? position - overlap : 0;
    auto page = reads_.list({options_.filter, options_.page_size, skip});
    if (!page) return tl::unexpected<Error>(std::move(page.error()));
    const std::size_t count = page->keys.size();
    if (count == 0 && position == 0 && handed_.size() == 0 && options_.empty_is_error) {
      return fail(
          "acumatica.empty_catalogue", fmt::format("Acumatica answered that it has no {} at all.", reads_.entity().plural),
          "Check the tenant and the user's rights; if the catalogue is really empty, allow that in the configuration.");
    }
    const std::size_t fresh = previous.empty() ? 0 : row_behind(last_keys(previous, overlap), page->keys);
    if (fresh == std::string::npos) return false;
    const bool nothing_new = fresh == count;
    if (nothing_new) return count < options_.page_size;  // a full page without news was an old answer

    std::vector<std::string> keys = page->keys;
    std::sort(previous.begin(), previous.end());
    keep_from(*page, fresh, [&](const std::string& key) {
      return handed_.contains(key) || std::binary_search(previous.begin(), previous.end(), key);
    });
    auto handed = hand_on(std::move(*page));
    if (!handed) return tl::unexpected<Error>(std::move(handed.error()));
    position = skip + count;
    previous = std::move(keys);
  }
}

Result<void> ListReader::hand_on(ParsedPage page) {
  for (const std::string& key : page.keys) handed_.add(key);
  if (!reads_.lists_have_details()) {
    auto full = reads_.complete(std::move(page));
    if (!full) return tl::unexpected<Error>(std::move(full.error()));
    page = std::move(*full);
  }
  summary_->items += page.items.size();
  std::move(page.failed.begin(), page.failed.end(), std::back_inserter(summary_->failed));
  if (page.items.empty()) return {};
  return sink_(std::move(page.items));
}

}  // namespace product_sync::acumatica
