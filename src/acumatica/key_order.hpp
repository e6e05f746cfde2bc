#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace product_sync::acumatica {

// Keyset paging asks for `InventoryID gt '<last>'`, which is right only if lists come in ascending order of the key.
// That is not documented, and "ascending" is in the words of the database's collation, which this program does not
// know. So only what is wrong in every usual collation counts as wrong.

/// `key` as databases usually compare it: without trailing blanks, ASCII letters without case. To find an asked-for key
/// in an answer.
[[nodiscard]] std::string fold_key(std::string_view key);

/// Whether `second` before `first` is the order of every usual collation, binary ones included: the keys first differ
/// in two ASCII letters or digits and these are the wrong way round both with and without case; or one key begins with
/// the other and comes first. Punctuation and other letters sort differently from collation to collation, and prove
/// nothing.
[[nodiscard]] bool provably_descending(std::string_view first, std::string_view second);

/// Whether `page`, the list's rows after those of `previous` (empty for the first page), breaks ascending order: a key
/// repeats in it or from `previous`, or two neighbours provably descend.
[[nodiscard]] bool breaks_order(const std::vector<std::string>& previous, const std::vector<std::string>& page);

}  // namespace product_sync::acumatica
