#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "acumatica/item_source.hpp"

namespace product_sync {

/// Acumatica's catalogue in memory: what is in it is what is read. Remembers what was asked of it.
class FakeItemSource final : public acumatica::ItemSource {
 public:
  void put(catalog::Item item, Instant modified = {}) {
    const std::lock_guard lock(mutex_);
    auto key = item.inventory_id;
    items_[std::move(key)] = {std::move(item), modified};
  }
  void remove(const std::string& key) {
    const std::lock_guard lock(mutex_);
    items_.erase(key);
  }

  /// Calls `edit` with every item.
  void edit_all(const std::function<void(catalog::Item&)>& edit) {
    const std::lock_guard lock(mutex_);
    for (auto& [key, stored] : items_) edit(stored.item);
  }

  /// Replaces the revisions of a kit.
  void put_kit(const std::string& kit_id, std::vector<catalog::KitSpecification> revisions, Instant modified = {}) {
    const std::lock_guard lock(mutex_);
    kits_[kit_id] = {std::move(revisions), modified};
  }

  std::size_t page_size = 100;
  std::set<std::string> unlisted;                                             ///< found by their keys alone
  std::set<std::string> unreadable;                                           ///< by-key reads of these fail
  std::function<Result<void>()> before_page = [] { return Result<void>{}; };  ///< an error ends the read there

  [[nodiscard]] std::vector<acumatica::Selection> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

  Result<acumatica::ReadSummary> read(const acumatica::Selection& selection, const PageSink& sink,
                                      std::stop_token stop) override {
    auto [items, summary] = select(selection);
    for (std::size_t first = 0; first < items.size(); first += page_size) {
      if (stop.stop_requested()) return cancelled("The read");
      if (auto going = before_page(); !going) return tl::unexpected(std::move(going.error()));
      const auto last = std::min(first + page_size, items.size());
      const auto begin = items.begin() + static_cast<std::ptrdiff_t>(first);
      const auto end = items.begin() + static_cast<std::ptrdiff_t>(last);
      if (auto taken = sink({begin, end}); !taken) return tl::unexpected(std::move(taken.error()));
    }
    return summary;
  }

  Result<acumatica::ReadSummary> read_kits(const acumatica::Selection& selection, const KitSink& sink,
                                           std::stop_token) override {
    std::vector<catalog::KitSpecification> found;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [id, kit] : kits_) {
        if (is_selected(selection, id, kit.modified)) {
          found.insert(found.end(), kit.revisions.begin(), kit.revisions.end());
        }
      }
    }
    if (!found.empty()) {
      if (auto taken = sink(std::move(found)); !taken) return tl::unexpected(std::move(taken.error()));
    }
    return acumatica::ReadSummary{};
  }

  /// Inventory IDs asked for one by one, by all reads of items since the last call, sorted.
  std::vector<std::string> take_keys() {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> keys;
    for (const auto& selection : std::exchange(asked_, {})) {
      const auto* wanted = std::get_if<acumatica::Keys>(&selection);
      if (wanted != nullptr) keys.insert(keys.end(), wanted->inventory_ids.begin(), wanted->inventory_ids.end());
    }
    std::sort(keys.begin(), keys.end());
    return keys;
  }

  Result<std::string> check(std::stop_token) override { return std::string("in memory"); }

 private:
  struct Stored {
    catalog::Item item;
    Instant modified;
  };

  struct StoredKit {
    std::vector<catalog::KitSpecification> revisions;
    Instant modified;
  };

  static bool is_selected(const acumatica::Selection& selection, const std::string& id, Instant modified) {
    if (const auto* keys = std::get_if<acumatica::Keys>(&selection)) {
      return std::find(keys->inventory_ids.begin(), keys->inventory_ids.end(), id) != keys->inventory_ids.end();
    }
    const auto* range = std::get_if<acumatica::ModifiedBetween>(&selection);
    return range == nullptr || (modified >= range->from && (!range->to || modified < *range->to));
  }

  std::pair<std::vector<catalog::Item>, acumatica::ReadSummary> select(const acumatica::Selection& selection) {
    const std::lock_guard lock(mutex_);
    asked_.push_back(selection);
    std::vector<catalog::Item> items;
    acumatica::ReadSummary summary;
    if (const auto* keys = std::get_if<acumatica::Keys>(&selection)) {
      for (const auto& key : keys->inventory_ids) {
        if (unreadable.contains(key)) {
          summary.failed.emplace_back(
              key, Error{"acumatica.item_error", "Item " + key + " cannot be read.", "", Retry::later, {}});
        } else if (const auto found = items_.find(key); found != items_.end()) {
          items.push_back(found->second.item);
        } else {
          summary.missing.push_back(key);
        }
      }
    } else {
      const auto* range = std::get_if<acumatica::ModifiedBetween>(&selection);
      for (const auto& [key, stored] : items_) {
        const bool wanted =
            range == nullptr || (stored.modified >= range->from && (!range->to || stored.modified < *range->to));
        if (wanted && !unlisted.contains(key)) items.push_back(stored.item);
      }
    }
    summary.items = items.size();
    return {std::move(items), std::move(summary)};
  }

  mutable std::mutex mutex_;
  std::map<std::string, Stored> items_;
  std::map<std::string, StoredKit> kits_;
  std::vector<acumatica::Selection> asked_;
};

}  // namespace product_sync
