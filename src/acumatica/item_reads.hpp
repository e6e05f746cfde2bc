#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

#include "acumatica/entity.hpp"
#include "acumatica/instance.hpp"
#include "acumatica/item_parser.hpp"
#include "acumatica/item_query.hpp"
#include "acumatica/item_source.hpp"

namespace product_sync::acumatica {

/// What reads of an entity have found out about an instance and later reads start with. Thread-safe.
struct Experience {
  std::atomic<bool> lists_lack_details{
      false};  ///< the expands cannot be optimized: lists give keys, items are read by key
  std::atomic<bool> lists_unordered{false};  ///< keyset paging is not to be trusted
};

/// The requests of one read of an entity, and what to do when one is refused for its shape. One thread.
class ItemReads {
 public:
  ItemReads(Instance& instance, Call& call, const Entity& entity, ItemQuery query, Experience& experience,
            Logger& logger);

  [[nodiscard]] const Entity& entity() const { return entity_; }

  /// The rows of `range`, with as much as lists of this instance can carry: when items come without their details,
  /// lists_have_details() is false and `items` hold keys alone.
  Result<ParsedPage> list(const ListRange& range);
  /// The keys of `range` alone.
  Result<ParsedPage> list_keys(const ListRange& range);
  /// How long the address of a list with this filter is.
  [[nodiscard]] std::size_t list_url_length(const std::string& filter) const;
  [[nodiscard]] bool lists_have_details() const { return shape_.details; }

  /// One item with everything; an empty page when there is none (404).
  Result<ParsedPage> by_key(std::string_view key);

  /// Replaces the key-only items of `page` by the items themselves, read one by one; those gone meanwhile are left out.
  Result<ParsedPage> complete(ParsedPage page);

 private:
  Result<ParsedPage> get_list(const std::string& url, bool give_up_on_500);
  bool fall_back(const Error& error);
  [[nodiscard]] Error refused(std::string_view what, const net::HttpResponse& response) const;

  Instance& instance_;
  Call& call_;
  const Entity& entity_;
  const ItemQuery query_;
  Experience& experience_;
  Logger& logger_;
  ItemParser parser_;
  ListShape shape_;
  bool proven_ = false;  // a list with $select has been answered
};

/// The error of an item's own read ends the read of all when it says nothing about the item: stop requests, sign-in,
/// rights.
[[nodiscard]] bool concerns_one_item(const Error& error);

}  // namespace product_sync::acumatica
