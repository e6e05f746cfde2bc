#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>

#include "rithum/account.hpp"
#include "rithum/shown_product.hpp"

namespace product_sync::rithum {

/// Products through `GET /v1/Products`, of the account's profile alone. Thread-safe.
class ProductReader {
 public:
  explicit ProductReader(Account& account) : account_(account) {}

  /// Those of these SKUs that exist, compared as Rithum compares them: its spelling may differ in case. Several SKUs
  /// share a request, as far as the length of a URL allows.
  Result<void> find(std::span<const std::string> skus, const Wanted& wanted, const ProductSink& sink,
                    std::stop_token stop);

  /// Every product, page by page; for accounts below 250,000 products (rithum.md §5.3). `rithum.incomplete` when fewer
  /// arrived than Rithum counts, or when its pages begin again.
  Result<void> read_all(const Wanted& wanted, const ProductSink& sink, std::stop_token stop);

  /// How many products the profile has.
  Result<std::uint64_t> count(std::stop_token stop);

 private:
  Result<std::uint64_t> read_pages(const std::string& url, const ProductSink& sink, std::stop_token stop);

  Account& account_;
};

}  // namespace product_sync::rithum
