// Prints how many items a second are mapped, hashed and recognised as unchanged.
// usage: benchmark_map_items [items]     (default: 20000)

#include <fmt/format.h>

#include <chrono>
#include <string>

#include "catalog/comparison.hpp"
#include "catalog/source_hash.hpp"
#include "support/catalog_samples.hpp"

using namespace product_sync::catalog;

namespace {

/// A description of about 1.7 KB, as an editor writes it.
std::string description() {
  std::string html = "<html><body><h3>Radio</h3>";
  for (int i = 0; i < 12; ++i) {
    html += "<p class=\"richp\"><span style=\"color:#333\">Line " + std::to_string(i) +
            " of a <b>description</b> with a <a href=\"https://example.com/\">link</a> and an umlaut ü.</span></p>";
  }
  return html + "<ul><li>one</li><li>two</li></ul></body></html>";
}

Item item(int number, bool with_description) {
  Item item = samples::item("RADIO-" + std::to_string(number));
  if (with_description) item.fields["Content"] = description();
  item.fields["DefaultPrice"] = std::to_string(number % 1000) + ".500000";
  item.fields["DimensionWeight"] = "1.250000";
  item.fields["WeightUOM"] = "KG";
  item.attributes = {{"BRAND", "SONA", "Sona"}, {"COLOR", "RED", "Bright red"}};
  item.cross_references = {{"Barcode", "4006381333931", "EA"}};
  return item;
}

Mapping mapping() {
  using samples::attribute;
  using samples::column;
  auto weight = column("Weight", "field:DimensionWeight");
  MeasureConversion conversion;
  conversion.from = parse_source("field:WeightUOM").value();
  conversion.to = find_measure("lb");
  weight.sources[0].steps = {conversion, NumberFormat{}};
  auto title = column("Auction Title", "field:Description");
  title.sources = {Expression(parse_template("{field:Description} - {attribute:COLOR.label}").value())};
  return samples::mapping({title, weight, column("Description", "field:Content", true),
                           column("Buy It Now Price", "field:DefaultPrice"), column("UPC", "cross_reference:Barcode"),
                           column("Brand", "attribute:BRAND.label"), column("Condition", "constant:New"),
                           attribute("Color", "attribute:COLOR.label", true)});
}

template <class Work>
void measure(std::string_view what, int count, const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  std::size_t sum = 0;
  for (int i = 0; i < count; ++i) sum += work(i);
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("{:<44} {:>9.0f} items/s  ({} bytes)\n", what, count / seconds, sum);
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::stoi(argv[1]) : 20'000;
  const Mapping rules = mapping();
  const Needs needs = rules.needs();
  const std::string fingerprint = rules.fingerprint();
  for (const bool with_description : {false, true}) {
    const std::string kind = with_description ? "with a description of 1.7 KB" : "without description";
    const Item sample = item(1, with_description);
    measure("mapped and hashed, " + kind, count,
            [&](int) { return content_hash(std::get<Product>(decide(sample, rules)), rules).size(); });
    measure("sources hashed, " + kind, count, [&](int) { return source_hash(sample, needs, fingerprint).size(); });
  }
  return 0;
}
