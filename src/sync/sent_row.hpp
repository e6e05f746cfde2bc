#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace product_sync::sync {

/// A cell of a feed file that says something.
struct SentCell {
  std::string column;
  std::string text;
};

/// The very row that a feed file in the spool has for a SKU, without its blank cells. Nothing when the file is not there
/// any more, has no such row, or is larger than `budget` bytes, of which what was read is taken.
[[nodiscard]] std::optional<std::vector<SentCell>> find_sent_row(const std::filesystem::path& file,
                                                                 std::string_view sku_key, std::uint64_t& budget);

}  // namespace product_sync::sync
