#include "catalog/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "base/bytes.hpp"
#include "base/edit_distance.hpp"
#include "catalog/text.hpp"
#include "catalog/translations.hpp"

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

Result<Source> parse_cross_reference(std::string_view rest) {
  const auto at = rest.find('@');
  CrossReferenceSource source{std::string(trim(rest.substr(0, at)))};
  if (source.type.empty()) {
    return fail("source.malformed", fmt::format("The cross reference {} names no type.", excerpt(rest)),
                "Write type and unit, such as cross_reference:Barcode@EACH.");
  }
  if (at == std::string_view::npos) return source;
  auto uom = parse_wanted(rest.substr(at + 1));
  if (!uom) return tl::unexpected(std::move(uom.error()));
  source.uom = std::move(*uom);
  return source;
}

// `VendorDetails[Default=true].VendorID`
Result<Source> parse_detail(std::string_view text) {
  const auto bracket = text.rfind(']');
  const auto dot = text.find('.', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view column = dot == std::string_view::npos ? std::string_view{} : trim(text.substr(dot + 1));
  if (!is_contract_name(column)) {
    return fail("source.malformed",
                fmt::format("The source {} names no column.", excerpt("detail:" + std::string(text))),
                "Write it such as detail:FileURLs.FileURL or detail:VendorDetails[Default=true].VendorID.");
  }
  auto rows = parse_detail_rows(text.substr(0, dot));
  if (!rows) return tl::unexpected(std::move(rows.error()));
  return DetailSource{std::move(*rows), std::string(column)};
}

// `Description@fr`, `Item.DescrTranslations@fr`
Result<Source> parse_translation(std::string_view rest) {
  const auto at = rest.find('@');
  const auto language = at == std::string_view::npos ? std::string_view{} : trim(rest.substr(at + 1));
  TranslationSource source{std::string(trim(rest.substr(0, at))), std::string(language)};
  if (!source.field.empty() && is_language(source.language)) return source;
  return fail("source.malformed", fmt::format("The translation {} names no field and language.", excerpt(rest)),
              "Write both, such as translation:Description@fr; the language is the two letters that Acumatica has for "
              "it.");
}

/// Whether the languages are asked for by the custom field that holds them all, not beside the contract's own field.
bool is_custom(const TranslationSource& source) { return source.field.find('.') != std::string::npos; }

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
    {"cross_reference", "cross_reference:Barcode or cross_reference:Barcode@EACH", parse_cross_reference},
    {"detail", "detail:FileURLs.FileURL", parse_detail},
    {"row", "row:QtyOnHand", [](std::string_view rest) -> Result<Source> { return RowSource{std::string(rest)}; }},
    {"translation", "translation:Description@fr", parse_translation},
    {"constant", "constant:New",
     [](std::string_view rest) -> Result<Source> { return ConstantSource{std::string(rest)}; }},
};

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

/// Calls `take` with each text of a source that is not blank, until it answers true.
template <class Take>
struct Reader {
  const Scope& scope;
  const Take& take;

  void operator()(const FieldSource& source) const {
    offer(source.name == "InventoryID" ? std::string_view(scope.item.inventory_id)
                                       : find_text(scope.item.fields, source.name));
  }
  void operator()(const CustomFieldSource& source) const { offer(find_text(scope.item.custom_fields, source.path)); }
  void operator()(const AttributeSource& source) const {
    for (const Attribute& attribute : scope.item.attributes) {
      if (!same_without_case(trim(attribute.id), source.id)) continue;
      offer(source.label ? attribute.label : attribute.value);
      return;
    }
  }
  void operator()(const CrossReferenceSource& source) const {
    for (const CrossReference& reference : scope.item.cross_references) {
      if (!same_without_case(trim(reference.type), source.type)) continue;
      if (source.uom && !is_equal(reference.uom, *source.uom, scope.item)) continue;
      if (offer(reference.id)) return;
    }
  }
  void operator()(const DetailSource& source) const {
    for (const DetailRow& row : scope.item.detail(source.rows.detail)) {
      if (has(source.rows, row, scope.item) && offer(column_of(row, source.column))) return;
    }
  }
  void operator()(const RowSource& source) const {
    if (scope.row != nullptr) offer(column_of(*scope.row, source.column));
  }
  void operator()(const TranslationSource& source) const {
    if (is_custom(source)) {
      offer(translation_in(find_text(scope.item.custom_fields, source.field), source.language));
      return;
    }
    const auto texts = scope.item.translations.find(source.field);
    if (texts == scope.item.translations.end()) return;
    for (const auto& [language, text] : texts->second) {
      if (same_without_case(language, source.language) && offer(text)) return;
    }
  }
  void operator()(const ConstantSource& source) const { offer(source.text); }

 private:
  bool offer(std::string_view text) const { return !trim(text).empty() && take(text); }
};

struct NeedsCollector {
  Needs& needs;

  void operator()(const FieldSource& source) const { needs.add_field(source.name); }
  void operator()(const CustomFieldSource& source) const { needs.add_custom_field(source.path); }
  void operator()(const AttributeSource&) const { needs.attributes = true; }
  void operator()(const CrossReferenceSource& source) const {
    needs.cross_references = true;
    if (source.uom) add_needs(*source.uom, needs);
  }
  void operator()(const DetailSource& source) const {
    add_needs(source.rows, needs);
    needs.details[source.rows.detail].insert(source.column);
  }
  void operator()(const RowSource& source) const { needs.of_row.insert(source.column); }
  void operator()(const TranslationSource& source) const {
    if (is_custom(source)) return needs.add_custom_field(source.field);
    needs.add_field(source.field);
    needs.translations.insert(source.field);
  }
  void operator()(const ConstantSource&) const {}
};

struct Writer {
  std::string operator()(const FieldSource& source) const { return "field:" + source.name; }
  std::string operator()(const CustomFieldSource& source) const { return "custom:" + source.path; }
  std::string operator()(const AttributeSource& source) const {
    return "attribute:" + source.id + std::string(source.label ? kLabelSuffix : "");
  }
  std::string operator()(const CrossReferenceSource& source) const {
    return "cross_reference:" + source.type + (source.uom ? "@" + catalog::to_text(*source.uom) : "");
  }
  std::string operator()(const DetailSource& source) const {
    return "detail:" + catalog::to_text(source.rows) + "." + source.column;
  }
  std::string operator()(const RowSource& source) const { return "row:" + source.column; }
  std::string operator()(const TranslationSource& source) const {
    return fmt::format("translation:{}@{}", source.field, source.language);
  }
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

std::string_view view(const Source& source, const Scope& scope) {
  std::string_view first;
  const auto take = [&](std::string_view text) {
    first = text;
    return true;
  };
  std::visit(Reader<decltype(take)>{scope, take}, source);
  return first;
}

void for_each_text(const Source& source, const Scope& scope, const std::function<void(std::string_view)>& take) {
  const auto take_all = [&](std::string_view text) {
    take(text);
    return false;
  };
  std::visit(Reader<decltype(take_all)>{scope, take_all}, source);
}

void add_needs(const Source& source, Needs& needs) { std::visit(NeedsCollector{needs}, source); }

}  // namespace product_sync::catalog
