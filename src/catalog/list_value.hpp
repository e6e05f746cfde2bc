#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "catalog/column.hpp"
#include "catalog/rules.hpp"
#include "catalog/value.hpp"

namespace product_sync::catalog {

/// How pictures are written, and what is said of one that is gone: how a file removes a picture is not documented
/// (rithum.md §6.1).
struct PictureForm {
  enum class Removed : std::uint8_t {
    keep,   ///< nothing is said; Rithum keeps the picture
    empty,  ///< `PLACEMENT=`; whether Rithum takes that for a removal has to be tried
  };
  std::string placement = "ITEMIMAGEURL";  ///< the first is `ITEMIMAGEURL1`; empty: addresses alone
  Removed removed = Removed::keep;
};

/// `entries` as a cell of a list column. Each may be several, separated by commas. Entries that break a rule whose
/// policy is to drop are left out; the others stay. Empty when none is left. `pictures` counts for pictures alone.
[[nodiscard]] Result<Value> make_list(const Column& column, const std::vector<std::string>& entries,
                                      const PictureForm& pictures, const Judgement& judgement);

/// What a cell must say so that Rithum, which holds the list `before`, holds `after`: the entries of `after`, and the
/// removal of others where the column has one. Both are as make_list() wrote them.
[[nodiscard]] std::string list_change(const Column& column, const PictureForm& pictures, std::string_view before,
                                      std::string_view after);

}  // namespace product_sync::catalog
