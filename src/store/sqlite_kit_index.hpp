#pragma once

#include "store/kit_index.hpp"
#include "store/sqlite_database.hpp"

namespace product_sync::store {

class SqliteKitIndex final : public KitIndex {
 public:
  explicit SqliteKitIndex(SqliteDatabase& database) : database_(database) {}

  Result<void> record(std::string_view site, std::string_view kit_id, std::span<const Component> components) override;
  Result<std::vector<Component>> components_of(std::string_view site, std::string_view kit_id) override;
  Result<std::vector<Use>> kits_of(std::string_view site, std::string_view component_key) override;
  Result<void> tell(std::string_view site, std::string_view kit_id, std::span<const std::string> component_keys) override;
  Result<std::vector<std::string>> told(std::string_view site, std::string_view kit_id) override;
  Result<std::uint64_t> bundles(std::string_view site) override;
  Result<std::uint64_t> bundles_with(std::string_view site, std::string_view component_key) override;

 private:

  SqliteDatabase& database_;
};

}  // namespace product_sync::store
