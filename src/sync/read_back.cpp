#include "sync/read_back.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "sync/subject.hpp"
#include "sync/shown_difference.hpp"

namespace product_sync::sync {
namespace {

using store::Lack;

/// Products that one commit takes.
constexpr std::size_t kBatch = 500;
/// Share of the known IDs, and number, over which missing products are not believed to be gone.
constexpr std::size_t kVanishedShare = 10;  // a tenth
constexpr std::size_t kVanishedAtLeast = 10;

/// Eight bytes for each product seen, whatever the catalogue's size. Two SKUs of one hash would hide a missing product
/// behind another; it shows with the next change of either.
std::uint64_t hash_of(const std::string& key) { return std::hash<std::string>{}(key); }

}  // namespace

ReadBack::ReadBack(Options options, const catalog::Mapping& mapping, rithum::ProductReader& reader,
                   rithum::ProductExport& exporter, store::Store& store, Clock& clock, Logger& log)
    : options_(std::move(options)),
      wanted_(comparable_values(mapping)),
      reader_(reader),
      exporter_(exporter),
      store_(store),
      clock_(clock),
      log_(log) {}

Result<ReadBackCounts> ReadBack::round(bool overdue, std::stop_token stop) {
  ReadBackCounts counts;
  const auto products = wanting(overdue);
  if (!products) return tl::unexpected(products.error());
  if (products->size() > options_.filtered_reads_up_to) return read_everything(std::move(stop));
  if (products->empty()) return counts;
  if (auto read = read_some(*products, counts, std::move(stop)); !read) return tl::unexpected(read.error());
  return counts;
}

/// One more than may be read by SKU at most: that suffices to see that they are too many.
Result<ReadBack::ByKey> ReadBack::wanting(bool overdue) {
  const auto now = clock_.now();
  std::vector<std::pair<Lack, Instant>> kinds{{Lack::product_id, now}, {Lack::proof, now - options_.first_look}};
  if (overdue) kinds.emplace_back(Lack::late_proof, now);
  ByKey found;
  for (const auto& [lack, sent_before] : kinds) {
    auto some = store_.proofs().lacking(options_.site, lack, "", sent_before, options_.filtered_reads_up_to + 1);
    if (!some) return tl::unexpected(some.error());
    for (auto& product : *some) found.insert_or_assign(product.sku_key, std::move(product));
  }
  return found;
}

Result<void> ReadBack::read_some(const ByKey& products, ReadBackCounts& counts, std::stop_token stop) {
  std::vector<std::string> skus;
  for (const auto& [key, product] : products) skus.push_back(product.sku);
  std::vector<store::Finding> findings;
  const auto take = [&](rithum::ShownProduct&& shown) -> Result<void> {
    ++counts.read;
    if (const auto found = products.find(key_of(shown.sku)); found != products.end()) {
      findings.push_back(judge(found->second, shown, counts));
    }
    return {};
  };
  if (auto read = reader_.find(skus, wanted_, take, std::move(stop)); !read) return read;
  return store_.proofs().record(options_.site, findings, clock_.now());
}

store::Finding ReadBack::judge(const store::UnprovenProduct& product, const rithum::ShownProduct& shown,
                               ReadBackCounts& counts) {
  if (!product.product_id.empty() && product.product_id != shown.id) {
    log_.warning("confirmation.id_changed",
                 fmt::format("Product {} of site {} had the ID {} in Rithum, and has {} now.", product.sku, options_.site,
                             product.product_id, shown.id),
                 {{"site", options_.site}, {"sku", product.sku}});
  }
  store::Finding finding{product.sku_key, product.sent_at, true, {}, {}, shown.id};
  if (auto difference = shown_difference(product.told, shown, wanted_)) {
    ++counts.different;
    finding.confirmed = false;
    finding.reason_code = "confirmation.different";
    finding.reason = std::move(*difference);
  } else {
    ++counts.confirmed;
  }
  return finding;
}

Result<ReadBackCounts> ReadBack::read_everything(std::stop_token stop) {
  ReadBackCounts counts;
  std::vector<std::uint64_t> seen;
  std::vector<rithum::ShownProduct> batch;
  const auto take = [&](rithum::ShownProduct&& shown) -> Result<void> {
    ++counts.read;
    seen.push_back(hash_of(key_of(shown.sku)));
    batch.push_back(std::move(shown));
    return batch.size() < kBatch ? Result<void>{} : take_batch(batch, counts);
  };
  if (auto read = exporter_.read_all(wanted_, take, stop); !read) return tl::unexpected(read.error());
  if (auto taken = take_batch(batch, counts); !taken) return tl::unexpected(taken.error());
  if (auto done = report_vanished(std::move(seen), counts, std::move(stop)); !done) return tl::unexpected(done.error());
  return counts;
}

Result<void> ReadBack::take_batch(std::vector<rithum::ShownProduct>& batch, ReadBackCounts& counts) {
  std::vector<store::Finding> findings;
  for (const auto& shown : batch) {
    const auto key = key_of(shown.sku);
    auto entry = store_.ledger().find(options_.site, key);
    if (!entry) return tl::unexpected(entry.error());
    if (!*entry || !(*entry)->sent_at) continue;  // not ours, or never sent
    const bool unproven =
        (*entry)->state == store::ProductState::sent || (*entry)->state == store::ProductState::overdue;
    if (!unproven && (*entry)->product_id == shown.id) continue;
    const store::UnprovenProduct product{key, (*entry)->sku, std::move((*entry)->told), *(*entry)->sent_at,
                                         (*entry)->product_id};
    findings.push_back(judge(product, shown, counts));
  }
  batch.clear();
  return store_.proofs().record(options_.site, findings, clock_.now());
}

Result<void> ReadBack::report_vanished(std::vector<std::uint64_t> seen, ReadBackCounts& counts, std::stop_token stop) {
  std::ranges::sort(seen);
  std::vector<store::ProductId> missing;
  std::size_t known = 0;
  std::string after;
  while (true) {
    auto page = store_.proofs().product_ids(options_.site, after, kBatch);
    if (!page) return tl::unexpected(page.error());
    if (page->empty()) break;
    after = page->back().sku_key;
    known += page->size();
    for (auto& product : *page) {
      if (!std::ranges::binary_search(seen, hash_of(product.sku_key))) missing.push_back(std::move(product));
    }
  }
  if (missing.size() > std::max(kVanishedAtLeast, known / kVanishedShare)) {
    log_.error("confirmation.mass_vanishing",
               fmt::format("Rithum shows {} of the {} products of site {} no more. That many are not believed to be gone; "
                           "nothing was changed. Check rithum.profile_id.",
                           missing.size(), known, options_.site),
               {{"site", options_.site}});
    counts.vanished = missing.size();
    return {};
  }
  return verify_vanished(std::move(missing), counts, std::move(stop));
}

/// Each is asked for by its SKU: products that were made while the export ran are not in it.
Result<void> ReadBack::verify_vanished(std::vector<store::ProductId> missing, ReadBackCounts& counts,
                                       std::stop_token stop) {
  if (missing.empty()) return {};
  std::vector<std::string> skus;
  for (const auto& product : missing) skus.push_back(product.sku);
  const auto take = [&](rithum::ShownProduct&& shown) -> Result<void> {
    std::erase_if(missing, [&](const auto& product) { return product.sku_key == key_of(shown.sku); });
    return {};
  };
  if (auto read = reader_.find(skus, {}, take, std::move(stop)); !read) return read;
  for (const auto& product : missing) {
    ++counts.vanished;
    log_.error("confirmation.vanished",
               fmt::format("Rithum does not have product {} of site {} any more; its ID was {}.", product.sku,
                           options_.site, product.id),
               {{"site", options_.site}, {"sku", product.sku}});
    if (auto noted = store_.proofs().vanished(options_.site, product, clock_.now()); !noted) return noted;
  }
  return {};
}

}  // namespace product_sync::sync
