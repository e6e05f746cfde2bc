#include "catalog/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "base/bytes.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

constexpr std::string_view kLabelSuffix = ".label";

Result<Source> parse_custom(std::string_view path) {
  const auto dot = path.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == path.size()) {
    return fail("source.malformed", fmt::format("The custom field {} names no view.", excerpt(path)),
                "Write view and field, such as custom:ItemSettings.UsrActiveOnRithum.");
  }
  return CustomFieldSource{std::string(path)};
}

Result<Source> parse_attribute(std::string_view id) {
  const bool label = id.ends_with(kLabelSuffix);
  if (label) id.remove_suffix(kLabelSuffix.size());
  if (trim(id).empty()) {
    return fail("source.malformed", "The source \"attribute:.label\" names no attribute.",
                "Write its ID, such as attribute:BRAND.label.");
  }
  return AttributeSource{std::string(trim(id)), label};
}

/// One form of a source; `example` serves messages.
struct Form {
  std::string_view kind;
  std::string_view example;
  Result<Source> (*parse)(std::string_view rest);
};

constexpr Form kForms[] = {
    {"field", "field:Description",
     [](std::string_view rest) -> Result<Source> { return FieldSource{std::string(rest)}; }},
    {"custom", "custom:ItemSettings.UsrActiveOnRithum", parse_custom},
    {"attribute", "attribute:BRAND or attribute:BRAND.label", parse_attribute},
    {"cross_reference", "cross_reference:Barcode",
     [](std::string_view rest) -> Result<Source> { return CrossReferenceSource{std::string(rest)}; }},
    {"constant", "constant:New",
     [](std::string_view rest) -> Result<Source> { return ConstantSource{std::string(rest)}; }},
};

// How many letters must be typed, dropped or changed to make one word of the other.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row.back();
}

// The form that was probably meant; null when none is near.
const Form* near_miss(std::string_view kind) {
  constexpr std::size_t kLongest = 40;
  std::string word = to_lower_ascii(trim(kind)).substr(0, kLongest);
  std::ranges::replace(word, '-', '_');
  const auto distance = [&](const Form& form) {
    const bool begins = word.size() >= 3 && (form.kind.starts_with(word) || word.starts_with(form.kind));
    return begins ? std::size_t{1} : edit_distance(word, form.kind);
  };
  const Form* nearest = std::ranges::min_element(kForms, {}, distance);
  return distance(*nearest) <= 2 ? nearest : nullptr;
}

auto malformed(std::string_view text, std::string_view suggestion) {
  std::string forms;
  for (const Form& form : kForms) forms.append(forms.empty() ? "" : ", ").append(form.example);
  std::string remedy = suggestion.empty() ? "" : fmt::format("Did you mean {}? ", excerpt(suggestion));
  remedy += fmt::format("The forms are {}.", forms);
  return fail("source.malformed", fmt::format("{} is not a source.", excerpt(text)), std::move(remedy));
}

std::string_view find_text(const TextMap& map, const std::string& name) {
  const auto found = map.find(name);
  return found == map.end() ? std::string_view{} : found->second;
}

/// Finds a source's text in an item.
struct Reader {
  const Item& item;

  std::string_view operator()(const FieldSource& source) const {
    return source.name == "InventoryID" ? item.inventory_id : find_text(item.fields, source.name);
  }
  std::string_view operator()(const CustomFieldSource& source) const {
    return find_text(item.custom_fields, source.path);
  }
  std::string_view operator()(const AttributeSource& source) const {
    for (const Attribute& attribute : item.attributes) {
      if (same_without_case(trim(attribute.id), source.id)) return source.label ? attribute.label : attribute.value;
    }
    return {};
  }
  std::string_view operator()(const CrossReferenceSource& source) const {
    for (const CrossReference& reference : item.cross_references) {
      if (same_without_case(trim(reference.type), source.type) && !trim(reference.id).empty()) return reference.id;
    }
    return {};
  }
  std::string_view operator()(const ConstantSource& source) const { return source.text; }
};

struct Writer {
  std::string operator()(const FieldSource& source) const { return "field:" + source.name; }
  std::string operator()(const CustomFieldSource& source) const { return "custom:" + source.path; }
  std::string operator()(const AttributeSource& source) const {
    return "attribute:" + source.id + std::string(source.label ? kLabelSuffix : "");
  }
  std::string operator()(const CrossReferenceSource& source) const { return "cross_reference:" + source.type; }
  std::string operator()(const ConstantSource& source) const { return "constant:" + source.text; }
};

}  // namespace

Result<Source> parse_source(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) {
    return malformed(text, trim(text).empty() ? "" : "field:" + std::string(trim(text).substr(0, 60)));
  }
  const std::string_view kind = trim(text.substr(0, colon));
  const bool constant = kind == "constant";
  const std::string_view rest = constant ? text.substr(colon + 1) : trim(text.substr(colon + 1));
  for (const Form& form : kForms) {
    if (form.kind != kind) continue;
    if (trim(rest).empty()) return malformed(text, form.example.substr(0, form.example.find(' ')));
    return form.parse(rest);
  }
  const Form* meant = near_miss(kind);
  return malformed(text, meant == nullptr ? "" : std::string(meant->kind) + ":" + std::string(rest.substr(0, 60)));
}

std::string to_text(const Source& source) { return std::visit(Writer{}, source); }

std::string_view view(const Source& source, const Item& item) { return std::visit(Reader{item}, source); }

std::string_view view_first(const Sources& sources, const Item& item) {
  for (const Source& source : sources) {
    const std::string_view text = view(source, item);
    if (!trim(text).empty()) return text;
  }
  return {};
}

std::string read(const Source& source, const Item& item) { return std::string(view(source, item)); }

std::string read_first(const Sources& sources, const Item& item) { return std::string(view_first(sources, item)); }

}  // namespace product_sync::catalog
