#include "sync/freshness.hpp"

#include <algorithm>

namespace product_sync::sync {

Result<Freshness> freshness_of(std::string_view site, const store::InboxStats& inbox, bool proves,
                               store::Store& store) {
  Freshness freshness;
  freshness.undelivered = inbox.oldest_pending;
  const auto file = store.outbox().next(site);
  if (!file) return tl::unexpected(file.error());
  if (*file) freshness.undelivered = std::min(freshness.undelivered.value_or(Instant::max()), (*file)->created);
  if (!proves) return freshness;
  auto unproven = store.proofs().oldest_unproven(site);
  if (!unproven) return tl::unexpected(std::move(unproven.error()));
  freshness.unproven = *unproven;
  return freshness;
}

}  // namespace product_sync::sync
