#include "sync/housekeeping.hpp"

#include "sync/spool.hpp"

namespace product_sync::sync {

Result<void> Housekeeping::clean_up(const std::function<bool(const std::string& site)>& waits) {
  bool any = false;
  for (const auto& site : sites_) {
    if (waits(site.id)) continue;
    any = true;
    if (auto removed = remove_files(site); !removed) return removed;
  }
  return any ? forget_old() : Result<void>{};
}

Result<void> Housekeeping::clean_up_site(std::string_view id) {
  for (const auto& site : sites_) {
    if (site.id != id) continue;
    if (auto removed = remove_files(site); !removed) return removed;
  }
  return forget_old();
}

Result<void> Housekeeping::forget_old() {
  const auto now = clock_.now();
  const auto forgotten = store_.inbox().forget_completed(now - options_.keep_notifications);
  if (!forgotten) return tl::unexpected(forgotten.error());
  const auto past = store_.history().forget(now - options_.keep_history, options_.history_per_product);
  if (!past) return tl::unexpected(past.error());
  const auto exchanges = store_.request_log().forget(now - options_.keep_requests);
  if (!exchanges) return tl::unexpected(exchanges.error());
  return {};
}

Result<void> Housekeeping::remove_files(const Site& site) {
  const auto removed = remove_old_files(site.spool, site.id, site.keep_files, store_);
  if (!removed) return tl::unexpected(removed.error());
  return {};
}

}  // namespace product_sync::sync
