#include "sync/write_back.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace product_sync::sync {
namespace {

/// IDs between two commits: what a crash may write again, which does no harm.
constexpr std::size_t kBatch = 50;

/// So that a first map of a large catalogue neither holds up the rest of a round nor takes the licence's whole share.
constexpr std::uint64_t kMostPerRound = 500;

/// Faults of the one item: the others go on.
constexpr std::array<std::string_view, 2> kOfTheItem{"acumatica.item_missing", "acumatica.not_saved"};

bool is_of_the_item(const Error& error) {
  return std::find(kOfTheItem.begin(), kOfTheItem.end(), error.code) != kOfTheItem.end();
}

}  // namespace

WriteBack::WriteBack(std::string site, acumatica::ProductIdWriter& writer, store::Store& store, Clock& clock,
                     Logger& log)
    : site_(std::move(site)), writer_(writer), store_(store), clock_(clock), log_(log) {}

Result<WrittenIds> WriteBack::round(std::stop_token stop) {
  std::uint64_t count = 0;
  std::string after;
  while (count < kMostPerRound) {
    const auto page = store_.proofs().unwritten_ids(site_, after, kBatch);
    if (!page) return tl::unexpected(page.error());
    if (page->empty()) return WrittenIds{count, false};
    after = page->back().sku_key;
    std::vector<store::ProductId> written;
    Result<void> outcome;
    for (const auto& product : *page) {
      const auto done = write(product, stop);
      if (!done) outcome = tl::unexpected(done.error());
      if (!done) break;
      if (*done) written.push_back(product);
    }
    if (auto kept = store_.proofs().written(site_, written, clock_.now()); !kept) return tl::unexpected(kept.error());
    count += written.size();
    if (!outcome) return tl::unexpected(outcome.error());
  }
  return WrittenIds{count, true};
}

/// Whether it was written.
Result<bool> WriteBack::write(const store::ProductId& product, std::stop_token stop) {
  const auto attempt = product.sku_key + '\n' + product.id;
  if (refused_.contains(attempt)) return false;
  const auto written = writer_.write(product.inventory_id, product.id, std::move(stop));
  if (written) return true;
  if (!is_of_the_item(written.error())) return tl::unexpected(written.error());
  refused_.insert(attempt);
  log_.error("write_back.refused", written.error().text(),
             {{"site", site_}, {"item", product.inventory_id}, {"code", written.error().code}});
  return false;
}

}  // namespace product_sync::sync
