#pragma once

#include <filesystem>
#include <memory>

#include "store/scratch.hpp"
#include "store/sqlite_connection.hpp"

namespace product_sync::store {

/// A database of its own, without a name and without durability.
class SqliteScratch final : public Scratch {
 public:
  /// In `directory`, which exists.
  [[nodiscard]] static Result<std::unique_ptr<Scratch>> open(const std::filesystem::path& directory);

  Result<void> put(std::string_view list, std::string_view key, std::string_view bytes) override;
  Result<std::optional<std::string>> get(std::string_view list, std::string_view key) override;
  Result<std::vector<Record>> next(std::string_view list, std::string_view prefix, std::string_view after,
                                   std::size_t limit) override;

 private:
  explicit SqliteScratch(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

  std::unique_ptr<Connection> connection_;
};

}  // namespace product_sync::store
