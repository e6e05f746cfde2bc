#include "item_generator.hpp"

#include <algorithm>
#include <array>

#include "reference_tables.hpp"

namespace acumatica_sim {
namespace {

// Salts: one per drawn property, so that changing one rule leaves the others as they are. 11 and 12 are Seeded's.
enum Salt : std::uint64_t {
  kClass = 1,
  kStatus = 2,
  kWords = 3,
  kContent = 4,
  kPrice = 5,
  kMsrp = 6,
  kWeight = 7,
  kBox = 8,
  kTemplate = 9,
  kActive = 10,
  kBrand = 13,
  kMaker,
  kColor,
  kSize,
  kFeatures,
  kFba,
  kBarcode,
  kGtin,
  kVendor,
  kGlobal,
  kWarehouse,
  kFiles,
  kCategory,
  kOwnPrice,
  kVariant = 300,  ///< + place of the attribute
};

constexpr Words kAdjectives{"Compact", "Classic", "Bright", "Solid", "Portable", "Quiet", "Modern", "Light"};
constexpr Words kFrench{"compact", "classique", "clair", "solide", "portable", "silencieux", "moderne", "léger"};
constexpr Words kSuffixes{" 5\"", "'S", "-ÄÖ", " A&B", "-50%", "-日本", "+X", " #9"};

/// `scaled` is the value times 10^4; written with 2, 4 or 6 decimals, which is the same number.
std::string decimal_text(std::uint64_t scaled, std::uint64_t decimals) {
  std::string text = std::to_string(scaled / 10'000) + "." + number_text("%04llu", scaled % 10'000);
  if (decimals == 2 && scaled % 100 == 0) text.resize(text.size() - 2);
  if (decimals == 6) text += "00";
  return text;
}

std::string upc(const GeneratedItem& item) {
  std::string digits = item.is_stock() ? "8" : "7";
  digits += number_text("%010llu", item.index * 7 + item.options().seed % 1'000 * 10'000'000);
  digits.resize(11);
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 3 : 1);
  digits += static_cast<char>('0' + (10 - sum % 10) % 10);
  return digits;
}

std::string_view pick(const Words& words, std::uint64_t number) { return words[number % words.size()]; }

/// Families are of every class but the first.
const ItemClass& class_of(const GeneratedItem& item) {
  constexpr std::array<std::uint64_t, 5> kUpTo{30, 60, 80, 90, 100};
  std::uint64_t roll = item.draw(kClass) % 100;
  if (item.member.kind == ItemKind::head) roll = 30 + roll % 70;
  std::size_t which = 0;
  while (roll >= kUpTo[which]) ++which;
  return item_classes()[which];
}

std::vector<AttributeDefinition::Choice> sorted_choices(std::string_view attribute) {
  auto choices = find_attribute(attribute)->choices;
  std::sort(choices.begin(), choices.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return choices;
}

}  // namespace

GeneratedItem GeneratedItem::head() const { return GeneratedItem({population, Table::templates, member.number}); }

bool GeneratedItem::is_stock() const {
  if (member.kind == ItemKind::head) return population->family(member.number).stock;
  return table == Table::stock_items;
}

bool GeneratedItem::is_kit() const {
  if (member.kind == ItemKind::kit) return true;
  return table == Table::stock_items && !options().kits && index % 50 == 9;
}

std::string GeneratedItem::key() const {
  const bool stock = table == Table::stock_items;
  std::string key;
  switch (member.kind) {
    case ItemKind::plain:
      key = number_text(stock ? "ITEM%07llu" : "NSTK%07llu", member.number);
      break;
    case ItemKind::kit:
      key = number_text(stock ? "KIT%07llu" : "NKIT%07llu", member.number);
      break;
    case ItemKind::head:
      key = number_text("TMPL%06llu", member.number);
      break;
    case ItemKind::child:
      key = head().key();
      for (const auto& value : variant()) key += "-" + std::string(value.id);
      return key;
  }
  const bool odd = member.kind == ItemKind::plain ? member.number % 250 == 137 : member.number % 50 == 37;
  if (odd && !options().plain_keys) key += pick(kSuffixes, member.number / (member.kind == ItemKind::plain ? 250 : 50));
  return key;
}

/// The n-th of k children stands at an n-th of the way through all combinations of values.
std::vector<AttributeDefinition::Choice> GeneratedItem::variant() const {
  const Family family = population->family(member.number);
  std::uint64_t rest = member.child * family.variants->combinations / family.children;
  std::vector<AttributeDefinition::Choice> values;
  for (auto attribute = family.variants->attributes.rbegin(); attribute != family.variants->attributes.rend();
       ++attribute) {
    const auto choices = sorted_choices(*attribute);
    values.insert(values.begin(), choices[rest % choices.size()]);
    rest /= choices.size();
  }
  return values;
}

std::string_view GeneratedItem::item_class() const {
  return member.kind == ItemKind::child ? class_of(head()).id : class_of(*this).id;
}

std::string_view GeneratedItem::item_status() const {
  if (member.kind == ItemKind::child && member.number % 40 == 21) return "Inactive";
  const std::uint64_t roll = draw(kStatus) % 100;
  if (roll < 88) return "Active";
  if (roll < 92) return "Inactive";
  if (roll < 95) return "No Sales";
  if (roll < 97) return "No Purchases";
  return roll < 98 ? "No Request" : "Marked for Deletion";
}

std::string GeneratedItem::description() const {
  constexpr Words kOddities{" – 3/4\"", " \"Deluxe\"", " für Räume",   " d'été",
                            " 日本製",  " ™",          " 100% cotton", " & more"};
  if (member.kind == ItemKind::child) {
    std::string text = head().description();
    for (const auto& value : variant()) text += ", " + std::string(value.label);
    return text;
  }
  const std::uint64_t roll = draw(kWords);
  std::string text(pick(kAdjectives, roll));
  text += ' ';
  text += pick(class_of(*this).nouns, roll >> 8);
  if (member.kind == ItemKind::kit) text += " Set";
  text += ' ';
  text += std::to_string(member.number);
  if (member.number % 20 == 3) text += pick(kOddities, member.number / 20);
  return text;
}

std::string GeneratedItem::translated_description() const {
  const GeneratedItem named = member.kind == ItemKind::child ? head() : *this;
  return "Modèle " + std::string(pick(kFrench, named.draw(kWords))) + " " + std::to_string(named.member.number);
}

Cell GeneratedItem::content() const {
  if (percent(kContent, 5)) return std::nullopt;
  std::string html =
      "<html><head><style type=\"text/css\">\r\n/* RTE style begin */\r\np { margin: 0px; }\r\n.richp { padding: 0; "
      "font-family: Arial, 'Segoe UI'; font-size: 10pt; }\r\n/* RTE style end */\r\n</style></head><body>\r\n"
      "<p class=\"richp\"><b>";
  html += description();
  html +=
      "</b> &mdash; made for&nbsp;everyday use.</p>\r\n<p class=\"richp\">Größe &amp; "
      "Form:\tpassend</p>\n<ul><li>Number ";
  html += std::to_string(draw(kContent) % 1'000);
  html += "</li><li>5 &lt; 6 &quot;quoted&quot; &#8364;</li></ul>\t<br/>\n</body></html>";
  return html;
}

std::uint64_t GeneratedItem::price_scaled() const { return (draw(kPrice) % 20'000 + 99) * 100; }

Cell GeneratedItem::default_price() const {
  constexpr std::array<std::uint64_t, 3> kDecimals{2, 4, 6};
  if (member.kind == ItemKind::child) {
    const std::uint64_t roll = draw(kOwnPrice) % 10;
    if (roll == 0) return std::nullopt;
    if (roll == 1) return "0.000000";
  }
  return decimal_text(price_scaled(), kDecimals[index % 3]);
}

Cell GeneratedItem::msrp() const {
  if (percent(kMsrp, 10)) return std::nullopt;
  return decimal_text(price_scaled() * 5 / 4 / 100 * 100, 4);
}

std::string GeneratedItem::weight() const {
  if (percent(kWeight, 3)) return "0.000000";
  return decimal_text((draw(kWeight) % 25'000 + 1) * 10, 6);
}

bool GeneratedItem::sold_by_box() const { return percent(kBox, 10); }

Cell GeneratedItem::template_id() const {
  if (member.kind == ItemKind::child) return head().key();
  if (options().templates || table != Table::stock_items || item_class() != "APPAREL") return std::nullopt;
  const Seeded block{population, table, index / 10};
  return block.draw(kTemplate) % 7 == 0 ? Cell(number_text("TMPL%06llu", index / 10)) : std::nullopt;
}

Cell GeneratedItem::active_on_rithum() const {
  const std::uint64_t roll = draw(kActive) % 100;
  if (roll < 80) return "true";
  return roll < 90 ? Cell("false") : std::nullopt;
}

/// An Attributes row; without `text` the draw picks the value. 5 % are empty.
Row GeneratedItem::attribute_row(std::string_view id, std::uint64_t salt, std::string text) const {
  const AttributeDefinition& definition = *find_attribute(id);
  const std::uint64_t roll = draw(salt);
  std::string value = std::move(text);
  if (definition.control == AttributeDefinition::Control::multi) {
    const std::size_t first = roll % definition.choices.size();
    value = std::string(definition.choices[first].id);
    if (roll % 2 == 0) value += "," + std::string(definition.choices[(first + 1) % definition.choices.size()].id);
  } else if (definition.control == AttributeDefinition::Control::checkbox) {
    value = roll % 100 < 40 ? "1" : "0";
  } else if (!definition.choices.empty()) {
    value = std::string(definition.choices[roll % definition.choices.size()].id);
  }
  Row row{{std::string(definition.id), std::string(definition.description), "true", guid(), "false", {}, {}},
          part_guid(salt)};
  if ((roll >> 32) % 100 < 5) return row;
  const auto known = attribute_value(definition, value);
  row.cells[5] = known->value;
  row.cells[6] = known->label;
  return row;
}

Row GeneratedItem::variant_row(std::string_view id, bool active, const AttributeDefinition::Choice* value) const {
  const AttributeDefinition& definition = *find_attribute(id);
  Row row{{std::string(id), std::string(definition.description), active ? "true" : "false", guid(), "true", {}, {}},
          part_guid(kVariant + static_cast<std::uint64_t>(&definition - attribute_definitions().data()))};
  if (value) row.cells[5] = std::string(value->id);
  if (value) row.cells[6] = std::string(value->label);
  return row;
}

std::vector<Row> GeneratedItem::family_attributes() const {
  const bool is_head = member.kind == ItemKind::head;
  const GeneratedItem owner = is_head ? *this : head();
  std::vector<Row> rows{
      owner.attribute_row("BRAND", kBrand),
      owner.attribute_row("MANUFACTURER", kMaker, "Works " + std::to_string(owner.draw(kMaker) % 40 + 1) + " Ltd.")};
  if (!is_head) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i].id = part_guid(kBrand + i);
      rows[i].cells[3] = guid();
    }
  }
  const auto& attributes = population->family(member.number).variants->attributes;
  const auto values = is_head ? std::vector<AttributeDefinition::Choice>{} : variant();
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    rows.push_back(variant_row(attributes[i], true, is_head ? nullptr : &values[i]));
  }
  if (is_head && member.number % 10 == 3) rows.push_back(variant_row("FEATURES", false, nullptr));
  if (!is_head) rows.push_back(attribute_row("FBA", kFba));
  return rows;
}

std::vector<Row> GeneratedItem::attributes() const {
  if (member.kind == ItemKind::child || member.kind == ItemKind::head) return family_attributes();
  const std::string_view kind = item_class();
  std::vector<Row> rows;
  rows.push_back(attribute_row("BRAND", kBrand));
  if (kind == "SERVICE") return rows;
  rows.push_back(attribute_row("MANUFACTURER", kMaker, "Works " + std::to_string(draw(kMaker) % 40 + 1) + " Ltd."));
  if (kind != "ELEC") rows.push_back(attribute_row("COLOR", kColor));
  if (kind == "APPAREL") rows.push_back(attribute_row("SIZE", kSize));
  if (kind == "ELEC") rows.push_back(attribute_row("FEATURES", kFeatures));
  rows.push_back(attribute_row("FBA", kFba));
  return rows;
}

std::vector<Row> GeneratedItem::cross_references() const {
  std::vector<Row> rows;
  const std::string code = upc(*this);
  const Cell uom = draw(kGtin) % 3 == 0 ? Cell() : Cell(std::string(sales_unit()));
  const std::string text = "Reference " + std::to_string(index);
  if (percent(kBarcode, 90)) rows.push_back({{code, "Barcode", {}, "0", {}, {}}, part_guid(kBarcode)});
  if (percent(kGtin, 60)) rows.push_back({{code, "GTIN/EAN/UPC/ISBN", {}, "0", {}, uom}, part_guid(kGtin)});
  if (percent(kVendor, 70)) {
    rows.push_back(
        {{"VP-" + std::to_string(index), "Vendor Part Number", text, "0", "V00000" + std::to_string(index % 9), {}},
         part_guid(kVendor)});
  }
  if (percent(kGlobal, 20))
    rows.push_back({{"G-" + std::to_string(index), "Global", text, "0", {}, {}}, part_guid(kGlobal)});
  return rows;
}

std::vector<Row> GeneratedItem::warehouses() const {
  constexpr std::array<std::string_view, 3> kNames{"MAIN", "RETAIL", "WEST"};
  std::vector<Row> rows;
  const std::size_t count = draw(kWarehouse) % 3 + 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string quantity = std::to_string(draw(kWarehouse + 100 * (i + 1)) % 500) + ".000000";
    rows.push_back({{std::string(kNames[i]), quantity, i == 0 ? "true" : "false", "Active", "R1S1", "RECEIVING"},
                    part_guid(kWarehouse + 100 * (i + 1))});
  }
  return rows;
}

std::vector<Row> GeneratedItem::file_urls() const {
  std::vector<Row> rows;
  const char* address = member.kind == ItemKind::head     ? "https://images.example.com/t%06llu"
                        : table == Table::non_stock_items ? "https://images.example.com/n%07llu"
                                                          : "https://images.example.com/%07llu";
  const std::uint64_t count = draw(kFiles) % 4;
  for (std::uint64_t i = 0; i < count; ++i) {
    rows.push_back({{"Image", number_text(address, index) + "-" + std::to_string(i + 1) + ".jpg",
                     part_guid(kFiles + 100 * (i + 1))},
                    part_guid(kFiles + 100 * (i + 1))});
  }
  return rows;
}

std::vector<Row> GeneratedItem::categories() const {
  std::vector<Row> rows;
  const std::uint64_t count = draw(kCategory) % 3;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t id = category_id(draw(kCategory + 100 * (i + 1)) % kCategories + 1);
    rows.push_back({{std::to_string(id)}, part_guid(kCategory + 100 * (i + 1))});
  }
  return rows;
}

std::vector<Row> GeneratedItem::uom_conversions() const {
  if (!sold_by_box()) return {};
  return {{{"BOX", "Multiply", "12.000000", "EACH"}, part_guid(kBox)}};
}

std::vector<Row> GeneratedItem::vendors() const {
  return {
      {{"V00000" + std::to_string(index % 9), "Vendor " + std::to_string(index % 9), "true", "true", default_price()},
       part_guid(kVendor + 100)}};
}

std::vector<Row> GeneratedItem::template_vendors() const {
  return {{{std::to_string(index), "V00000" + std::to_string(index % 9), "Vendor " + std::to_string(index % 9), "true"},
           part_guid(kVendor + 100)}};
}

std::vector<std::string> GeneratedItem::files() const {
  if (draw(kFiles) % 5 != 0) return {};
  const char* form = member.kind == ItemKind::head     ? "Template Items ("
                     : table == Table::non_stock_items ? "Non-Stock Items ("
                                                       : "Stock Items (";
  return {form + key() + ")\\picture.png"};
}

}  // namespace acumatica_sim
