#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "catalog/column.hpp"
#include "catalog/rules.hpp"

namespace product_sync::catalog {

/// What became of a source text.
struct Value {
  std::string text;          ///< a cell of the column; empty: there is no value
  bool dropped = false;      ///< there was one, and a policy left it out
  std::vector<Error> notes;  ///< violations that policies settled
};

/// `source` as a cell of `column`: one line of UTF-8, normalised, in the column's form and within its limits. Empty
/// when the source has nothing but white space. The error names the value and the limit, not the item; its code is one
/// of rules(). Not for lists.
[[nodiscard]] Result<Value> make_value(const Column& column, std::string_view source, const Judgement& judgement);

/// The same where every violation is an error. A list is made of the one text.
[[nodiscard]] Result<std::string> make_value(const Column& column, std::string_view source);

/// true, 1 and yes, or false, 0 and no, in any case, as Acumatica's fields and attributes write check boxes
/// (acumatica.md §2.7); none for anything else.
[[nodiscard]] std::optional<bool> parse_boolean(std::string_view text);

/// What is wrong with a text before its column matters: `value.not_utf8`, `value.reserved`, `value.starts_with_quote`.
[[nodiscard]] Result<void> check_text(std::string_view text);

}  // namespace product_sync::catalog
