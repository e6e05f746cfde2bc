#pragma once

#include <algorithm>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

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

/// A random catalogue of items, families and bundles, some of them with faults.
inline void put_random_catalogue(FakeItemSource& source, std::mt19937& random) {
  const auto below = [&](unsigned limit) { return static_cast<int>(random() % limit); };
  const auto price = [&] { return below(20) == 0 ? std::string("ten") : std::to_string(below(100)); };
  std::vector<std::string> sellable;
  for (int i = 0; i < 30; ++i) {
    sellable.push_back("ITEM" + std::to_string(i));
    auto item = exported_item(sellable.back(), price());
    if (below(8) == 0) item.fields["ItemClass"] = "OTHER";
    source.put(item);
  }
  for (int i = 0; i < 12; ++i) {
    const auto parent = "FAMILY" + std::to_string(i);
    std::vector<std::string> children;
    const int count = below(6);
    for (int j = 0; j < count; ++j) {
      children.push_back(parent + "-" + std::to_string(j));
      auto item = child(children.back(), parent, below(15) == 0 ? "" : "C" + std::to_string(below(30)),
                        "S" + std::to_string(below(30)), price());
      if (below(8) == 0) item.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
      sellable.push_back(children.back());
      source.put(item);
    }
    source.put(template_item(parent, children, price()));
  }
  for (int i = 0; i < 15; ++i) {
    const auto id = "BUNDLE" + std::to_string(i);
    std::vector<catalog::KitComponent> components;
    const int count = below(4);
    for (int j = 0; j < count; ++j) {
      components.push_back({sellable[static_cast<std::size_t>(below(static_cast<unsigned>(sellable.size())))], "",
                            below(10) == 0 ? "0.5" : std::to_string(1 + below(3)), true});
    }
    source.put(kit(id));
    source.put_kit(id, {specification(id, std::move(components))});
  }
}

}  // namespace product_sync
