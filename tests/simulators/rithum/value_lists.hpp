#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rithum_simulator {

/// `CODE=qty,CODE=qty` (rithum.md §0.3, §0.4), in order.
using Quantities = std::vector<std::pair<std::string, std::int64_t>>;
[[nodiscard]] std::optional<Quantities> parse_quantities(std::string_view text);
[[nodiscard]] std::string to_text(const Quantities& quantities);
/// Sets each of `changes` in `base`; others stay.
void merge(Quantities& base, const Quantities& changes);

/// One picture: where it stands and its URL or bare file name.
using Pictures = std::vector<std::pair<std::string, std::string>>;
struct PictureList {
  Pictures pictures;
  std::string fault;  ///< what is wrong; empty when the list is well formed
};
/// `PLACEMENT=url, PLACEMENT=url`, or a bare list that fills ITEMIMAGEURL1, 2, … (rithum.md §0.5, §2.5).
[[nodiscard]] PictureList parse_pictures(std::string_view text);
[[nodiscard]] std::string to_text(const Pictures& pictures);
void merge(Pictures& base, const Pictures& changes);

/// The labels in `text`, blanks around each removed, empty ones left out.
[[nodiscard]] std::vector<std::string> parse_labels(std::string_view text);
/// `present` with `changes` applied: names are added, `-Name` removes (rithum.md §0.2).
[[nodiscard]] std::string merge_labels(std::string_view present, std::string_view changes);

/// Decimal digits with an optional sign.
[[nodiscard]] std::optional<std::int64_t> parse_whole(std::string_view text);

[[nodiscard]] std::vector<std::string_view> split_trimmed(std::string_view text, char separator);

}  // namespace rithum_simulator
