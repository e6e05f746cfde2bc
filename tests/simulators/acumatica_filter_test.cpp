#include <string>
#include <vector>

#include "acumatica/filter.hpp"
#include "acumatica/list_reader.hpp"
#include "acumatica/refusal.hpp"
#include "acumatica/tenant.hpp"
#include "catch.hpp"

using namespace acumatica_sim;

namespace {

/// Three items: CAR (TOYS, changed on the first), LAMP (ELEC, on the second), O'NEIL "5" (TOYS, no template, on the
/// third).
class ThreeItems {
 public:
  ThreeItems() : tenant_(CatalogueOptions{.items = 0, .plain_keys = true}), catalogue_(tenant_[Table::stock_items]) {
    insert("CAR", {{field("ItemClass"), "TOYS"}, {field("TemplateItemID"), "T1"}, {field("DefaultPrice"), "9.500000"}});
    insert("LAMP", {{field("ItemClass"), "ELEC"}, {field("ItemStatus"), "Inactive"}, {field("DefaultPrice"), "10"}});
    insert("O'NEIL \"5\"", {{field("ItemClass"), "TOYS"}, {field("IsAKit"), "true"}});
  }

  /// The keys that match, joined; "error" where the filter is refused with 500.
  [[nodiscard]] std::string select(const std::string& filter, const FilterRules& rules = {}) const try {
    ListQuery query;
    query.filter = Filter::parse(filter, catalogue_.spec(), rules);
    query.shape = Shape::parse(catalogue_.spec(), 24, "", "", "InventoryID", "");
    const Filter again = Filter::parse(filter, catalogue_.spec(), rules);
    std::string keys;
    auto place = catalogue_.start(Catalogue::Order::ascending, again.keys_above());
    catalogue_.visit(place, 10, [&](const Item& item) {
      if (again.matches(item)) keys += (keys.empty() ? "" : "|") + item.key();
      return true;
    });
    return keys;
  } catch (const Refusal& refusal) {
    return refusal.status == 500 ? "error" : "another error";
  }

  [[nodiscard]] std::string stamp(const std::string& key, int offset_minutes) const {
    return offset_text(catalogue_.by_key(key)->last_modified(), offset_minutes);
  }

 private:
  [[nodiscard]] std::size_t field(const char* name) const { return *catalogue_.spec().field(name, 24); }
  void insert(const std::string& key, std::map<std::size_t, Cell> fields) {
    Edit edit;
    edit.fields = std::move(fields);
    edit.custom["ItemSettings.UsrActiveOnRithum"] = {"CustomBooleanField", key == "CAR" ? "true" : "false"};
    edit.custom["ItemSettings.UsrRithumProductID"] = {"CustomStringField", key == "LAMP" ? Cell("77") : Cell()};
    REQUIRE(catalogue_.apply(key, edit).after);
  }

  Tenant tenant_;
  Catalogue& catalogue_;
};

}  // namespace

TEST_CASE("the simulator filters as the documented OData v3 dialect does") {
  const auto [filter, keys] = GENERATE(table<std::string, std::string>({
      {"", "CAR|LAMP|O'NEIL \"5\""},
      {"InventoryID eq 'LAMP'", "LAMP"},
      {"InventoryID eq 'lamp '", "LAMP"},  // the collation knows neither case nor trailing blanks
      {"InventoryID eq 'O''NEIL \"5\"'", "O'NEIL \"5\""},
      {"InventoryID gt 'CAR'", "LAMP|O'NEIL \"5\""},
      {"InventoryID ge 'CAR'", "CAR|LAMP|O'NEIL \"5\""},
      {"InventoryID lt 'LAMP'", "CAR"},
      {"InventoryID ne 'LAMP'", "CAR|O'NEIL \"5\""},
      {"InventoryID eq 'CAR' or InventoryID eq 'LAMP' or InventoryID eq 'NONE'", "CAR|LAMP"},
      {"InventoryID gt 'CAR' and ItemClass eq 'TOYS'", "O'NEIL \"5\""},
      {"ItemClass eq 'ELEC' or ItemClass eq 'TOYS' and InventoryID lt 'D'", "CAR|LAMP"},  // and binds tighter
      {"(ItemClass eq 'ELEC' or ItemClass eq 'TOYS') and InventoryID lt 'D'", "CAR"},
      {"ItemStatus eq 'Inactive'", "LAMP"},
      {"TemplateItemID eq 'T1'", "CAR"},
      {"TemplateItemID ne 'T1'", ""},  // an empty field is neither equal nor unequal
      {"DefaultPrice eq 9.5", "CAR"},
      {"DefaultPrice gt 9.5", "LAMP"},
      {"IsAKit eq true", "O'NEIL \"5\""},
      {"startswith(InventoryID,'LA')", "LAMP"},
      {"endswith(InventoryID,'R')", "CAR"},
      {"substringof('A',InventoryID)", "CAR|LAMP"},
      {"substringof('A',InventoryID) and ItemClass eq 'ELEC'", "LAMP"},
      {"cf.Boolean(f='ItemSettings.UsrActiveOnRithum') eq true", "CAR"},
      {"cf.String(f='ItemSettings.UsrRithumProductID') eq '77'", "LAMP"},
  }));
  CAPTURE(filter);
  CHECK(ThreeItems().select(filter) == keys);
}

TEST_CASE("a filter on substringof eq true silently finds nothing") {
  CHECK(ThreeItems().select("substringof('A',InventoryID) eq true").empty());
  CHECK(ThreeItems().select("substringof('A',InventoryID) eq true or InventoryID eq 'CAR'") == "CAR");
}

TEST_CASE("filters that the instance does not understand are refused with 500") {
  const std::string filter = GENERATE(
      as<std::string>(), "contains(InventoryID,'A')", "tolower(InventoryID) eq 'a'", "toupper(InventoryID) eq 'A'",
      "not substringof('A',InventoryID)", "Attributes/AttributeID eq 'BRAND'", "CrossReferences/AlternateID eq '1'",
      "inventoryid eq 'CAR'", "NoSuchField eq 'x'", "InventoryID eq CAR", "InventoryID eq 5", "DefaultPrice eq '5'",
      "LastModified gt '2026-01-01'", "LastModified gt datetimeoffset'yesterday'", "InventoryID like 'A'",
      "InventoryID", "InventoryID eq 'CAR' and", "(InventoryID eq 'CAR'", "InventoryID eq 'CAR')",
      "InventoryID eq 'CAR", "InventoryID eq 'CAR' ItemClass eq 'TOYS'", "{}");
  CAPTURE(filter);
  CHECK(ThreeItems().select(filter) == "error");
}

TEST_CASE("a name that only a newer release of the endpoint has is unknown to an older one") {
  const std::string filter = "LastModifiedDateTime ge datetimeoffset'2000-01-01T00:00:00Z'";
  CHECK(ThreeItems().select(filter, {24, 0, false}) == "CAR|LAMP|O'NEIL \"5\"");
  CHECK(ThreeItems().select(filter, {23, 0, false}) == "error");
}

TEST_CASE("a time filter honours the offset written, and takes a time without one as the tenant's") {
  const ThreeItems items;
  const std::string utc = items.stamp("LAMP", 0);
  const std::string elsewhere = items.stamp("LAMP", 330);
  CHECK(items.select("LastModified eq datetimeoffset'" + utc + "'") == "LAMP");
  CHECK(items.select("LastModified eq datetimeoffset'" + elsewhere + "'") == "LAMP");
  CHECK(items.select("LastModified ge datetimeoffset'" + utc + "'") == "LAMP|O'NEIL \"5\"");
  CHECK(items.select("LastModified lt datetimeoffset'" + utc + "'") == "CAR");
  const std::string local = elsewhere.substr(0, elsewhere.size() - 6);
  CHECK(items.select("LastModified eq datetimeoffset'" + local + "'", {24, 330, false}) == "LAMP");
  CHECK(items.select("LastModified eq datetimeoffset'" + local + "'", {24, 0, false}).empty());
}

TEST_CASE("an instance that ignores offsets takes every time of a filter as the tenant's") {
  const ThreeItems items;
  const std::string utc = items.stamp("LAMP", 0);
  CHECK(items.select("LastModified eq datetimeoffset'" + utc + "'", {24, 330, true}).empty());
  CHECK(items.select("LastModified eq datetimeoffset'" + items.stamp("LAMP", 330) + "'", {24, 330, true}) == "LAMP");
}
