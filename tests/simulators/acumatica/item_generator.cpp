#include "item_generator.hpp"

#include <array>
#include <charconv>
#include <cstdio>

#include "collation.hpp"

namespace acumatica_sim {
namespace {

using Words = std::array<std::string_view, 8>;

// Salts: one per drawn property, so that changing one rule leaves the others as they are.
enum Salt : std::uint64_t {
  kClass = 1,
  kStatus,
  kWords,
  kContent,
  kPrice,
  kMsrp,
  kWeight,
  kBox,
  kTemplate,
  kActive,
  kModified,
  kGuid,
  kBrand,
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
  kPart = 1'000,
};

constexpr Words kAdjectives{"Compact", "Classic", "Bright", "Solid", "Portable", "Quiet", "Modern", "Light"};

struct ClassNouns {
  std::string_view item_class;
  Words nouns;
};
constexpr std::array<ClassNouns, 5> kClasses{{
    {"ELEC", {"Charger", "Lamp", "Speaker", "Keyboard", "Adapter", "Camera", "Router", "Headset"}},
    {"APPAREL", {"Shirt", "Jacket", "Trousers", "Scarf", "Hat", "Sweater", "Socks", "Coat"}},
    {"TOYS", {"Puzzle", "Car", "Robot", "Doll", "Blocks", "Train", "Kite", "Ball"}},
    {"HOME GOODS", {"Vase", "Pillow", "Kettle", "Blanket", "Clock", "Mirror", "Basket", "Rug"}},
    {"SERVICE", {"Installation", "Repair", "Inspection", "Training", "Setup", "Rental", "Tuning", "Advice"}},
}};

std::string number_text(const char* format, std::uint64_t value) {
  char text[48];
  std::snprintf(text, sizeof text, format, static_cast<unsigned long long>(value));
  return text;
}

/// `scaled` is the value times 10^4; written with 2, 4 or 6 decimals, which is the same number.
std::string decimal_text(std::uint64_t scaled, std::uint64_t decimals) {
  std::string text = std::to_string(scaled / 10'000) + "." + number_text("%04llu", scaled % 10'000);
  if (decimals == 2 && scaled % 100 == 0) text.resize(text.size() - 2);
  if (decimals == 6) text += "00";
  return text;
}

/// Writes `digits` hexadecimal digits of `value`, the lowest last, at `at`. (By hand: lists are made of GUIDs.)
void put_hex(std::string& text, std::size_t at, std::size_t digits, std::uint64_t value) {
  for (std::size_t i = digits; i-- > 0; value >>= 4) text[at + i] = "0123456789abcdef"[value & 15];
}

/// A GUID from 64 bits and the low 48 bits of `low`.
std::string guid_text(std::uint64_t high, std::uint64_t low) {
  std::string text = "00000000-0000-e711-0000-000000000000";
  put_hex(text, 0, 8, high >> 32);
  put_hex(text, 9, 4, high >> 16);
  put_hex(text, 19, 4, high);
  put_hex(text, 24, 12, low);
  return text;
}

std::uint64_t price_scaled(const Seeded& item) { return (item.draw(kPrice) % 20'000 + 99) * 100; }

std::string upc(const Seeded& item) {
  std::string digits = "8" + number_text("%010llu", item.index * 7 + item.options->seed % 1'000 * 10'000'000);
  digits.resize(11);
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 3 : 1);
  digits += static_cast<char>('0' + (10 - sum % 10) % 10);
  return digits;
}

std::string_view pick(const Words& words, std::uint64_t number) { return words[number % words.size()]; }

const ClassNouns& class_of(const Seeded& item) {
  constexpr std::array<std::uint64_t, 5> kUpTo{30, 60, 80, 90, 100};
  const std::uint64_t roll = item.draw(kClass) % 100;
  std::size_t which = 0;
  while (roll >= kUpTo[which]) ++which;
  return kClasses[which];
}

/// One Attributes row; `choice` picks the value, 5 % are empty.
Row attribute_row(const Seeded& item, std::string_view id, std::uint64_t salt, std::string text = {}) {
  const AttributeDefinition& definition = *find_attribute(id);
  const std::uint64_t roll = item.draw(salt);
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
  Row row{{std::string(definition.id), std::string(definition.description), "true", item.guid(), "false", {}, {}},
          item.part_guid(salt)};
  if ((roll >> 32) % 100 < 5) return row;
  const auto known = attribute_value(definition, value);
  row.cells[5] = known->value;
  row.cells[6] = known->label;
  return row;
}

}  // namespace

std::uint64_t mix(std::uint64_t value) {  // splitmix64
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

std::uint64_t Seeded::draw(std::uint64_t salt) const { return mix(mix(options->seed * 0x10001 + salt) ^ mix(index)); }

std::string Seeded::key() const {
  constexpr Words kSuffixes{" 5\"", "'S", "-ÄÖ", " A&B", "-50%", "-日本", "+X", " #9"};
  std::string key = number_text("ITEM%07llu", index);
  if (!options->plain_keys && index % 250 == 137) key += pick(kSuffixes, index / 250);
  return key;
}

std::string Seeded::guid() const { return guid_text(draw(kGuid), index ^ mix(options->seed)); }

std::string Seeded::part_guid(std::uint64_t part) const {
  return guid_text(draw(kPart + part * 2), draw(kPart + part * 2 + 1));
}

Millis Seeded::last_modified() const {
  constexpr std::uint64_t kThirtyDays = 30ULL * 24 * 3600 * 1000;
  return options->base_time - static_cast<Millis>(draw(kModified) % kThirtyDays);
}

std::string_view Seeded::item_class() const { return class_of(*this).item_class; }

std::string_view Seeded::item_status() const {
  const std::uint64_t roll = draw(kStatus) % 100;
  if (roll < 88) return "Active";
  if (roll < 92) return "Inactive";
  if (roll < 95) return "No Sales";
  if (roll < 97) return "No Purchases";
  return roll < 98 ? "No Request" : "Marked for Deletion";
}

std::string Seeded::description() const {
  constexpr Words kOddities{" – 3/4\"", " \"Deluxe\"", " für Räume",   " d'été",
                            " 日本製",  " ™",          " 100% cotton", " & more"};
  const std::uint64_t roll = draw(kWords);
  std::string text(pick(kAdjectives, roll));
  text += ' ';
  text += pick(class_of(*this).nouns, roll >> 8);
  text += ' ';
  text += std::to_string(index);
  if (index % 20 == 3) text += pick(kOddities, index / 20);
  return text;
}

Cell Seeded::content() const {
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

std::string Seeded::default_price() const {
  constexpr std::array<std::uint64_t, 3> kDecimals{2, 4, 6};
  return decimal_text(price_scaled(*this), kDecimals[index % 3]);
}

Cell Seeded::msrp() const {
  if (percent(kMsrp, 10)) return std::nullopt;
  return decimal_text(price_scaled(*this) * 5 / 4 / 100 * 100, 4);
}

std::string Seeded::weight() const {
  if (percent(kWeight, 3)) return "0.000000";
  return decimal_text((draw(kWeight) % 25'000 + 1) * 10, 6);
}

bool Seeded::sold_by_box() const { return percent(kBox, 10); }

Cell Seeded::template_id() const {
  const Seeded block{options, index / 10};
  if (block.draw(kTemplate) % 7 != 0 || item_class() != "APPAREL") return std::nullopt;
  return number_text("TMPL%06llu", index / 10);
}

Cell Seeded::active_on_rithum() const {
  const std::uint64_t roll = draw(kActive) % 100;
  if (roll < 80) return "true";
  return roll < 90 ? Cell("false") : std::nullopt;
}

std::vector<Row> Seeded::attributes() const {
  const std::string_view kind = item_class();
  std::vector<Row> rows;
  rows.push_back(attribute_row(*this, "BRAND", kBrand));
  if (kind == "SERVICE") return rows;
  rows.push_back(
      attribute_row(*this, "MANUFACTURER", kMaker, "Works " + std::to_string(draw(kMaker) % 40 + 1) + " Ltd."));
  if (kind != "ELEC") rows.push_back(attribute_row(*this, "COLOR", kColor));
  if (kind == "APPAREL") rows.push_back(attribute_row(*this, "SIZE", kSize));
  if (kind == "ELEC") rows.push_back(attribute_row(*this, "FEATURES", kFeatures));
  rows.push_back(attribute_row(*this, "FBA", kFba));
  return rows;
}

std::vector<Row> Seeded::cross_references() const {
  std::vector<Row> rows;
  const std::string code = upc(*this);
  const Cell uom = draw(kGtin) % 3 == 0 ? Cell() : Cell(sold_by_box() ? "BOX" : "EACH");
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

std::vector<Row> Seeded::warehouses() const {
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

std::vector<Row> Seeded::file_urls() const {
  std::vector<Row> rows;
  const std::uint64_t count = draw(kFiles) % 4;
  for (std::uint64_t i = 0; i < count; ++i) {
    rows.push_back(
        {{"Image", number_text("https://images.example.com/%07llu", index) + "-" + std::to_string(i + 1) + ".jpg",
          part_guid(kFiles + 100 * (i + 1))},
         part_guid(kFiles + 100 * (i + 1))});
  }
  return rows;
}

std::vector<Row> Seeded::categories() const {
  std::vector<Row> rows;
  const std::uint64_t count = draw(kCategory) % 3;
  for (std::uint64_t i = 0; i < count; ++i) {
    rows.push_back({{std::to_string(draw(kCategory + 100 * (i + 1)) % 90 + 10)}, part_guid(kCategory + 100 * (i + 1))});
  }
  return rows;
}

std::vector<Row> Seeded::uom_conversions() const {
  if (!sold_by_box()) return {};
  return {{{"BOX", "Multiply", "12.000000", "EACH"}, part_guid(kBox)}};
}

std::vector<Row> Seeded::vendors() const {
  return {
      {{"V00000" + std::to_string(index % 9), "Vendor " + std::to_string(index % 9), "true", "true", default_price()},
       part_guid(kVendor + 100)}};
}

std::vector<std::string> Seeded::files() const {
  if (draw(kFiles) % 5 != 0) return {};
  return {"Stock Items (" + key() + ")\\picture.jpg"};
}

std::optional<std::uint64_t> index_of_key(const CatalogueOptions& options, std::string_view key) {
  constexpr std::size_t kPrefix = 4;
  constexpr std::size_t kDigits = 7;
  std::uint64_t index = 0;
  if (key.size() < kPrefix + kDigits || collate(key.substr(0, kPrefix), "ITEM") != 0) return std::nullopt;
  const char* first = key.data() + kPrefix;
  const auto [end, error] = std::from_chars(first, first + kDigits, index);
  if (error != std::errc() || end != first + kDigits || index == 0 || index > options.items) return std::nullopt;
  return collate(Seeded{&options, index}.key(), key) == 0 ? std::optional(index) : std::nullopt;
}

std::optional<std::uint64_t> index_of_guid(const CatalogueOptions& options, std::string_view guid,
                                           std::uint64_t highest) {
  constexpr std::size_t kLength = 36;
  if (guid.size() != kLength) return std::nullopt;
  std::uint64_t hidden = 0;
  const char* first = guid.data() + kLength - 12;
  const auto [end, error] = std::from_chars(first, first + 12, hidden, 16);
  const std::uint64_t index = (hidden ^ mix(options.seed)) & 0xffff'ffff'ffffULL;
  if (error != std::errc() || end != first + 12 || index == 0 || index > highest) return std::nullopt;
  return collate(Seeded{&options, index}.guid(), guid) == 0 ? std::optional(index) : std::nullopt;
}

const std::vector<AttributeDefinition>& attribute_definitions() {
  using Control = AttributeDefinition::Control;
  static const std::vector<AttributeDefinition> kDefinitions{
      {"BRAND",
       "Brand",
       Control::combo,
       {{"ACME", "Acme Tools"},
        {"NORDIC", "Nordic Light"},
        {"KIDO", "Kidō & Søns"},
        {"PLAIN", "Plain"},
        {"OMEGA", "Omega \"O\""}}},
      {"MANUFACTURER", "Manufacturer", Control::text, {}},
      {"COLOR",
       "Color",
       Control::combo,
       {{"RED", "Red"}, {"BLUE", "Blue"}, {"GREEN", "Green"}, {"BLK", "Black"}, {"WHT", "White"}}},
      {"SIZE", "Size", Control::combo, {{"S", "Small"}, {"M", "Medium"}, {"L", "Large"}, {"XL", "Extra Large"}}},
      {"FEATURES",
       "Features",
       Control::multi,
       {{"WIFI", "Wi-Fi"}, {"BT", "Bluetooth"}, {"USB", "USB-C"}, {"BAT", "Battery"}}},
      {"FBA", "Allowed for FBA", Control::checkbox, {{"0", "False"}, {"1", "True"}}},
  };
  return kDefinitions;
}

const AttributeDefinition* find_attribute(std::string_view id_or_description) {
  for (const AttributeDefinition& each : attribute_definitions()) {
    if (collate(each.id, id_or_description) == 0 || collate(each.description, id_or_description) == 0) return &each;
  }
  return nullptr;
}

std::optional<AttributeValue> attribute_value(const AttributeDefinition& definition, std::string_view written) {
  if (definition.control == AttributeDefinition::Control::text)
    return AttributeValue{std::string(written), std::string(written)};
  if (definition.control == AttributeDefinition::Control::multi) {
    AttributeValue all;  // ids are joined with "," and labels with ", " (acumatica.md §2.7)
    while (!written.empty()) {
      const std::size_t comma = std::min(written.find(','), written.size());
      std::string_view part = written.substr(0, comma);
      while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
      written.remove_prefix(std::min(comma + 1, written.size()));
      const AttributeDefinition single{definition.id, definition.description, AttributeDefinition::Control::combo,
                                       definition.choices};
      const auto one = attribute_value(single, part);
      if (!one) return std::nullopt;
      all.value += (all.value.empty() ? "" : ",") + one->value;
      all.label += (all.label.empty() ? "" : ", ") + one->label;
    }
    return all;
  }
  for (const AttributeDefinition::Choice& choice : definition.choices) {
    if (collate(choice.id, written) == 0 || collate(choice.label, written) == 0) {
      return AttributeValue{std::string(choice.id), std::string(choice.label)};
    }
  }
  return std::nullopt;
}

}  // namespace acumatica_sim
