#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "store/store.hpp"

namespace product_sync::sync {

/// Forgets what is older than it has to be kept: notifications, history and request log of the
/// store, and each site's feed files.
class Housekeeping {
 public:
  struct Options {
    std::chrono::hours keep_notifications{24 * 30};
    std::chrono::hours keep_history{24 * 90};
    std::uint64_t history_per_product = 200;
    std::chrono::hours keep_requests{24 * 30};
  };
  struct Site {
    std::string id;
    std::filesystem::path spool;
    std::chrono::hours keep_files;
  };

  Housekeeping(Options options, std::vector<Site> sites, store::Store& store, Clock& clock)
      : options_(options), sites_(std::move(sites)), store_(store), clock_(clock) {}

  /// For all sites that do not wait for a time of their own.
  Result<void> clean_up(const std::function<bool(const std::string& site)>& waits);
  /// For one site, and the store.
  Result<void> clean_up_site(std::string_view site);

 private:
  Result<void> forget_old();
  Result<void> remove_files(const Site& site);

  const Options options_;
  const std::vector<Site> sites_;
  store::Store& store_;
  Clock& clock_;
};

}  // namespace product_sync::sync
