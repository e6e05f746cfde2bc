#pragma once

#include <algorithm>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "sync/site_sync.hpp"
#include "sync_bench.hpp"

namespace product_sync {

inline catalog::Mapping assembled_mapping(catalog::FamilyHeaders headers = catalog::FamilyHeaders::classic) {
  auto mapping = simple_mapping();
  mapping.variations.emplace();
  mapping.variations->headers = headers;
  mapping.variations->relationships = {
      {"Color and Size",
       {{"Color", {*catalog::parse_source("attribute:COLOR")}}, {"Size", {*catalog::parse_source("attribute:SIZE")}}},
       {},
       {"ELEC"}}};
  mapping.bundles.emplace();
  mapping.arrange();
  return mapping;
}

inline catalog::Item child(const std::string& id, const std::string& parent, const std::string& color,
                    const std::string& size, const std::string& price = "10") {
  auto item = exported_item(id, price);
  item.fields["TemplateItemID"] = parent;
  item.attributes = {{"COLOR", color, ""}, {"SIZE", size, ""}};
  return item;
}

inline catalog::Item template_item(const std::string& id, const std::vector<std::string>& children,
                            const std::string& price = "9.90") {
  auto item = exported_item(id, price);
  item.entity = catalog::ItemEntity::template_item;
  for (const auto& one : children) item.details["Matrix"].push_back({{"InventoryID", one}});
  return item;
}

inline catalog::Item kit(const std::string& id) {
  auto item = exported_item(id, "50");
  item.fields["IsAKit"] = "true";
  return item;
}

/// With an alternate ID of two types.
inline catalog::Item with_barcode(catalog::Item item) {
  item.cross_references = {{"Barcode", "4006381333931", "EA"}, {"Global", "4006381333948", "EA"}};
  return item;
}

/// The sources of a value of the mapping.
inline catalog::Sources& sources_of(catalog::Mapping& mapping, std::string_view name) {
  return std::ranges::find(mapping.values, name, &catalog::ValueMapping::name)->sources;
}

inline catalog::KitSpecification specification(const std::string& id, std::vector<catalog::KitComponent> components) {
  return {id, "A", true, {}, std::move(components)};
}

/// A row of a feed as cells by header.
using FeedRow = std::map<std::string, std::string>;

inline std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::stringstream in(line);
  std::string cell;
  while (std::getline(in, cell, '\t')) cells.push_back(cell);
  return cells;
}

class FamilyBench : public SyncBench {
 public:
  FamilyBench() {
    mapping = assembled_mapping();
    reopen();
  }

  /// A shirt in three variations.
  void put_shirts() {
    source.put(template_item("SHIRT", {"SHIRT-BM", "SHIRT-RL", "SHIRT-RM"}));
    source.put(child("SHIRT-RM", "SHIRT", "Red", "M"));
    source.put(child("SHIRT-RL", "SHIRT", "Red", "L"));
    source.put(child("SHIRT-BM", "SHIRT", "Blue", "M", "0.00"));
  }

  /// A set of two mugs and a red shirt.
  void put_set() {
    source.put(exported_item("MUG"));
    source.put(kit("SET"));
    source.put_kit("SET", {specification("SET", {{"MUG", "", "2.0", true}, {"SHIRT-RM", "", "1", true}})});
  }

  store::Run push(const std::vector<std::string>& keys) {
    static_cast<void>(source.take_keys());
    return SyncBench::push(keys);
  }

  /// The rows of the newest file.
  [[nodiscard]] std::vector<FeedRow> newest() const {
    return rows_of(store->outbox().list("eu", 1).value().front().file.name);
  }
  [[nodiscard]] std::vector<FeedRow> rows_of(const std::string& file) const {
    std::stringstream in(text_of(file));
    std::string line;
    std::getline(in, line);
    const auto headers = cells_of(line);
    std::vector<FeedRow> rows;
    while (std::getline(in, line)) {
      auto cells = cells_of(line);
      cells.resize(headers.size());
      auto& row = rows.emplace_back();
      for (std::size_t i = 0; i < headers.size(); ++i) row[headers[i]] = cells[i];
    }
    return rows;
  }
  [[nodiscard]] std::vector<std::string> newest_skus() const {
    std::vector<std::string> skus;
    for (const auto& row : newest()) skus.push_back(row.at("Inventory Number"));
    return skus;
  }
  [[nodiscard]] std::vector<store::LedgerEntry> products() const {
    store::LedgerFilter all;
    all.limit = 1'000;
    return store->ledger().list("eu", all).value();
  }
  [[nodiscard]] std::string state_of(const std::string& key) const {
    const auto found = entry(key);
    return std::string(store::to_text(found.state)) + (found.reason_code.empty() ? "" : " " + found.reason_code);
  }
};

/// Random catalogues of items, families and bundles, some of them with faults: units of measure, several revisions of a
/// kit, kits that are matrix items or non-stock items.
class RandomCatalogue {
 public:
  RandomCatalogue(FakeItemSource& source, std::mt19937& random) : source_(source), random_(random) {}

  void put() {
    for (int i = 0; i < 30; ++i) put_item("ITEM" + std::to_string(i), i % 7 == 0);
    for (int i = 0; i < 12; ++i) put_family("FAMILY" + std::to_string(i));
    for (int i = 0; i < 15; ++i) put_bundle("BUNDLE" + std::to_string(i), i % 4 == 0);
  }

  /// Two IDs each that Rithum takes for one SKU; one of them is not exported, sometimes.
  void put_twins() {
    for (int i = 0; i < 3; ++i) {
      const auto id = "Twin" + std::to_string(i);
      for (const auto& spelling : {id, to_lower_ascii(id)}) {
        auto item = exported_item(spelling, price());
        hide_some(item);
        source_.put(item);
      }
    }
  }

 private:
  [[nodiscard]] bool one_in(unsigned number) { return random_() % number == 0; }
  [[nodiscard]] int below(unsigned limit) { return static_cast<int>(random_() % limit); }
  [[nodiscard]] std::string price() { return one_in(20) ? std::string("ten") : std::to_string(below(100)); }
  void hide_some(catalog::Item& item) {
    if (one_in(8)) item.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
  }

  /// Some items are sold by the box; a box holds a number of pieces that not every quantity is a multiple of.
  void put_item(const std::string& id, bool is_non_stock) {
    auto item = exported_item(id, price());
    if (one_in(8)) item.fields["ItemClass"] = "OTHER";
    if (is_non_stock) item.entity = catalog::ItemEntity::non_stock_item;
    if (one_in(4)) {
      item.fields["BaseUOM"] = "EACH";
      item.fields["SalesUOM"] = "BOX";
      item.details["UOMConversions"] = {{{"FromUOM", "BOX"},
                                         {"MultiplyOrDivide", "Multiply"},
                                         {"ConversionFactor", one_in(2) ? "2.000000" : "3"},
                                         {"ToUOM", "EACH"}}};
    }
    sellable_.push_back(id);
    source_.put(item);
  }

  /// The fifth child of a family is a kit.
  void put_family(const std::string& parent) {
    std::vector<std::string> children;
    for (int left = below(6); left > 0; --left) {
      children.push_back(parent + "-" + std::to_string(children.size()));
      auto item = child(children.back(), parent, one_in(15) ? "" : "C" + std::to_string(below(30)),
                        "S" + std::to_string(below(30)), price());
      hide_some(item);
      if (children.size() == 5) {
        item.fields["IsAKit"] = "true";
        put_revisions(children.back());
      } else {
        sellable_.push_back(children.back());
      }
      source_.put(item);
    }
    source_.put(template_item(parent, children, price()));
  }

  void put_bundle(const std::string& id, bool is_non_stock) {
    auto item = kit(id);
    if (is_non_stock) item.entity = catalog::ItemEntity::non_stock_item;
    hide_some(item);
    source_.put(item);
    put_revisions(id);
  }

  /// One that is active, most of the time, and perhaps older ones.
  void put_revisions(const std::string& kit_id) {
    std::vector<catalog::KitSpecification> revisions;
    for (int left = 1 + below(3); left > 0; --left) {
      auto revision = specification(kit_id, components());
      revision.revision.assign(1, static_cast<char>('A' + revisions.size()));
      revision.active = left == 1 ? !one_in(10) : one_in(10);
      revisions.push_back(std::move(revision));
    }
    source_.put_kit(kit_id, std::move(revisions));
  }

  [[nodiscard]] std::vector<catalog::KitComponent> components() {
    std::vector<catalog::KitComponent> components;
    for (int left = below(4); left > 0; --left) {
      const auto& id = sellable_[static_cast<std::size_t>(below(static_cast<unsigned>(sellable_.size())))];
      const auto quantity = one_in(10) ? "0.5" : std::to_string(1 + below(6));
      components.push_back({id, one_in(4) ? "EACH" : "", quantity, !one_in(5)});
    }
    return components;
  }

  FakeItemSource& source_;
  std::mt19937& random_;
  std::vector<std::string> sellable_;  ///< what kits may hold
};

inline void put_random_catalogue(FakeItemSource& source, std::mt19937& random) { RandomCatalogue(source, random).put(); }

}  // namespace product_sync
