#include "list_reader.hpp"

#include <algorithm>

#include "tenant.hpp"

namespace acumatica_sim {

ListReader::ListReader(const Catalogue& catalogue, ListQuery query)
    : catalogue_(catalogue), query_(std::move(query)), keys_(query_.filter.keys()) {
  if (!keys_) add_children();
  query_.shape.include(query_.filter.fields());
  place_ = catalogue_.start(query_.order, query_.filter.keys_above());
}

/// A filter by template is answered from the templates, as a database does by an index.
void ListReader::add_children() {
  const auto templates = query_.filter.templates();
  if (!templates || !catalogue_.tenant().options().templates || query_.order == Catalogue::Order::shuffled) return;
  keys_.emplace();
  for (const std::string& each : *templates) {
    for (const Item& child : catalogue_.tenant().children(catalogue_.spec().table, each)) keys_->push_back(child.key());
  }
  std::sort(keys_->begin(), keys_->end(), CollationLess{});
}

bool ListReader::take(std::string& out, const Item& item) {
  if (!query_.filter.matches(item)) return true;
  if (skipped_ < query_.skip) {
    ++skipped_;
    return true;
  }
  if (rows_ >= query_.top) return false;
  if (rows_ > 0) out += ',';
  append_item(out, item, query_.shape);
  return ++rows_ < query_.top;
}

bool ListReader::read_keys(std::string& out, std::size_t bytes) {
  while (next_key_ < keys_->size() && out.size() < bytes) {
    const auto item = catalogue_.by_key((*keys_)[next_key_++]);
    if (item && !take(out, *item)) return false;
  }
  return next_key_ < keys_->size();
}

bool ListReader::read_scan(std::string& out, std::size_t bytes) {
  constexpr std::size_t kBatch = 4'096;  // the catalogue is locked for so many rows at most
  bool complete = query_.top == 0;
  bool more = true;
  while (!complete && more && out.size() < bytes) {
    more = catalogue_.visit(place_, kBatch, [&](const Item& item) {
      complete = !take(out, item);
      return !complete && out.size() < bytes;
    });
  }
  return !complete && more;
}

bool ListReader::read(std::string& out, std::size_t bytes) {
  if (!begun_) {
    out += '[';
    begun_ = true;
  }
  const bool more = keys_ ? read_keys(out, bytes) : read_scan(out, bytes);
  if (!more) out += ']';
  return more;
}

}  // namespace acumatica_sim
