#pragma once

#include <algorithm>
#include <array>

#include "item_generator.hpp"
#include "schema.hpp"

// What the schemas of items and templates share.

namespace acumatica_sim {

template <std::size_t N>
struct Text {
  char value[N]{};
  constexpr Text(const char (&text)[N]) { std::copy_n(text, N, value); }
};

/// The same value on every record.
template <Text text>
Cell always(const Seeded&) {
  return std::string(text.value);
}

inline Cell empty(const Seeded&) { return std::nullopt; }

/// What a member function of Generated says.
template <class Generated, auto member>
Cell cell_from(const Seeded& seeded) {
  auto value = (Generated(seeded).*member)();
  if constexpr (std::is_same_v<decltype(value), bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_same_v<decltype(value), Cell>) {
    return value;
  } else {
    return std::string(value);
  }
}

template <class Generated, auto member>
std::vector<Row> rows_from(const Seeded& seeded) {
  return (Generated(seeded).*member)();
}

template <auto member>
constexpr auto item_cell = &cell_from<GeneratedItem, member>;
template <auto member>
constexpr auto item_rows = &rows_from<GeneratedItem, member>;

inline std::vector<Row> no_rows(const Seeded&) { return {}; }
inline Cell modified(const Seeded& seeded) {
  return offset_text(seeded.last_modified(), seeded.options().utc_offset_minutes);
}
inline Cell note_id(const Seeded& seeded) { return seeded.guid(); }
inline Cell weight_unit(const Seeded& seeded) { return seeded.index % 5 == 0 ? "LB" : "KG"; }
inline std::vector<std::string> item_files(const Seeded& seeded) { return GeneratedItem(seeded).files(); }
inline Cell french_description(const Seeded& seeded) { return GeneratedItem(seeded).translated_description(); }

/// The labels that ItemStatus may have (acumatica.md §2.7).
inline constexpr std::array<std::string_view, 6> kItemStatuses{"Active",     "No Sales", "No Purchases",
                                                               "No Request", "Inactive", "Marked for Deletion"};

// Details and custom fields that all three have (acumatica.md §3.4).
[[nodiscard]] DetailSpec attribute_values();
[[nodiscard]] DetailSpec cross_references();
[[nodiscard]] DetailSpec categories(std::string_view name);
[[nodiscard]] DetailSpec file_urls(std::string_view name);
[[nodiscard]] std::vector<CustomSpec> item_custom_fields();

}  // namespace acumatica_sim
