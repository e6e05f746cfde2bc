#pragma once

#include <string_view>

namespace product_sync::catalog {

/// Whether `text` may name a language of Acumatica's: `fr`, `pt-BR`.
[[nodiscard]] bool is_language(std::string_view text);

/// The text of one language in `[{en:The pen},{fr:Le stylo}]`, the form of a custom field such as
/// `Item.DescrTranslations` (acumatica.md §2.5); empty when it has none. Texts are not quoted in that form: one that
/// holds `},{`, two letters and a colon ends there.
[[nodiscard]] std::string_view translation_in(std::string_view all, std::string_view language);

}  // namespace product_sync::catalog
