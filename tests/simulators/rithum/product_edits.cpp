#include "product_edits.hpp"

#include <algorithm>

#include "columns.hpp"
#include "field_rules.hpp"
#include "instant.hpp"
#include "product_entity.hpp"
#include "replies.hpp"
#include "value_lists.hpp"

namespace rithum_simulator {
namespace {

using nlohmann::json;

const HttpReply kDone{204, "", "application/json"};

HttpReply not_found(const std::string& what) { return odata_error(404, what + " does not exist."); }

void store(Product& product, std::string_view header, const std::string& text) {
  const auto key = static_cast<std::uint32_t>(*column_index(header));
  if (text.empty()) {
    product.values.erase(key);
  } else {
    product.values.set(key, text);
  }
  product.updated_at = now_ms();
}

/// The text between quotes; none without them.
std::optional<std::string> unquoted(const std::string& text) {
  if (text.size() < 2 || text.front() != '\'' || text.back() != '\'') return std::nullopt;
  return text.substr(1, text.size() - 2);
}

}  // namespace

/// What a path names: `/v1/Products(id)` or `/v1/Products(id)/collection(member)`.
struct ProductEdits::Target {
  const HttpRequest& request;
  std::int64_t id = 0;
  std::string collection;
  std::string member;

  static std::optional<Target> parse(const HttpRequest& request) {
    const std::string rest = request.path.substr(kPath.size());
    const auto close = rest.find(')');
    const auto id = close == std::string::npos ? std::nullopt : parse_whole(rest.substr(0, close));
    if (!id) return std::nullopt;
    Target target{request, *id, {}, {}};
    std::string tail = rest.substr(close + 1);
    if (tail.empty()) return target;
    if (tail.front() != '/') return std::nullopt;
    tail.erase(0, 1);
    const auto open = tail.find('(');
    target.collection = tail.substr(0, open);
    if (open == std::string::npos) return target;
    if (tail.back() != ')') return std::nullopt;
    target.member = tail.substr(open + 1, tail.size() - open - 2);
    return target;
  }
};

struct ProductEdits::Route {
  std::string_view method;
  std::string_view collection;
  bool of_member;
  HttpReply (ProductEdits::*answer)(Product&, const Target&);
};

const ProductEdits::Route ProductEdits::kRoutes[] = {
    {"GET", "", false, &ProductEdits::read},
    {"PATCH", "", false, &ProductEdits::change},
    {"PUT", "", false, &ProductEdits::change},
    {"DELETE", "", false, &ProductEdits::remove},
    {"GET", "BundleComponents", false, &ProductEdits::list_components},
    {"DELETE", "BundleComponents", true, &ProductEdits::remove_component},
    {"PUT", "Images", true, &ProductEdits::set_image},
    {"DELETE", "Images", true, &ProductEdits::remove_image},
    {"DELETE", "Labels", true, &ProductEdits::remove_label},
};

HttpReply ProductEdits::answer(const HttpRequest& request) {
  const auto target = Target::parse(request);
  if (!target) return odata_error(400, "The path '" + request.path + "' is malformed.");
  const std::lock_guard lock(world_.mutex);
  Product* product = world_.catalogue.find_id(target->id);
  if (product == nullptr) return not_found("Product " + std::to_string(target->id));
  for (const Route& route : kRoutes) {
    if (route.method != request.method || route.collection != target->collection) continue;
    if (route.of_member != target->member.empty()) return (this->*route.answer)(*product, *target);
  }
  return odata_error(405, "The requested resource does not support http method '" + request.method + "'.");
}

HttpReply ProductEdits::read(Product& product, const Target& target) {
  json entity = product_entity(product, world_.catalogue, account_.profile_id, target.request.param("$select"));
  const std::string expand = target.request.param("$expand");
  for (const auto name : split_trimmed(expand, ',')) {
    if (name.empty()) continue;
    auto expansion = product_expansion(name, product, world_.catalogue, account_);
    if (!expansion) return odata_error(400, "The expansion '" + std::string(name) + "' does not exist.");
    entity[std::string(name)] = *std::move(expansion);
  }
  return json_reply(entity);
}

HttpReply ProductEdits::change(Product& product, const Target& target) {
  const json body = json::parse(target.request.body, nullptr, false);
  if (!body.is_object()) return odata_error(400, "A JSON object is expected.");
  std::vector<std::pair<const Column*, std::string>> changes;
  for (const auto& [name, value] : body.items()) {
    const Column* column = find_rest_column(name);
    if (column == nullptr || column->header == kSkuColumn) {
      return odata_error(400, "The property '" + name + "' cannot be written.");
    }
    if (value.is_null()) continue;  // absent and null leave a field as it is (rithum.md §4)
    std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (const auto fault = text.empty() ? std::nullopt : check_value(*column, text, account_)) {
      return odata_error(400, name + ": " + fault->reason + ", " + fault->detail);
    }
    changes.emplace_back(column, std::move(text));
  }
  for (const auto& [column, text] : changes) store(product, column->header, text);
  return kDone;
}

HttpReply ProductEdits::remove(Product& product, const Target& /*target*/) {
  const std::string sku = product.sku;  // goes with the product
  world_.catalogue.remove(sku);
  return kDone;
}

HttpReply ProductEdits::list_components(Product& product, const Target& /*target*/) {
  return json_reply({{"value", *product_expansion("BundleComponents", product, world_.catalogue, account_)}});
}

HttpReply ProductEdits::remove_component(Product& product, const Target& target) {
  const std::string before(value_of(product, kComponentsColumn));
  auto components = parse_quantities(before).value_or(Quantities{});
  const Product* component = world_.catalogue.find_id(parse_whole(target.member).value_or(0));
  const auto found = std::ranges::find_if(components, [&](const auto& each) {
    return component != nullptr && world_.catalogue.find(each.first) == component;
  });
  if (found == components.end()) return not_found("Component " + target.member);
  if (product.listed) return odata_error(400, "Components of a bundle with a live listing cannot be removed.");
  components.erase(found);
  const std::string after = to_text(components);
  world_.catalogue.recount_components(before, after);
  store(product, kComponentsColumn, after);
  return kDone;
}

HttpReply ProductEdits::set_image(Product& product, const Target& target) {
  const json body = json::parse(target.request.body, nullptr, false);
  const auto placement = unquoted(target.member);
  if (!placement || !body.is_object() || !body.contains("Url") || !body["Url"].is_string()) {
    return odata_error(400, "A placement name in quotes and a Url are expected.");
  }
  const std::string pair = *placement + "=" + body["Url"].get<std::string>();
  const auto added = parse_pictures(pair);
  if (!added.fault.empty()) return odata_error(400, added.fault);
  const auto present = value_of(product, kPicturesColumn);
  auto pictures = present.empty() ? Pictures{} : parse_pictures(present).pictures;
  merge(pictures, added.pictures);
  store(product, kPicturesColumn, to_text(pictures));
  return kDone;
}

HttpReply ProductEdits::remove_image(Product& product, const Target& target) {
  const auto placement = unquoted(target.member);
  const auto present = value_of(product, kPicturesColumn);
  auto pictures = present.empty() ? Pictures{} : parse_pictures(present).pictures;
  const auto removed = std::erase_if(pictures, [&](const auto& each) { return placement && each.first == *placement; });
  if (removed == 0) return not_found("Image " + target.member);
  store(product, kPicturesColumn, to_text(pictures));
  return kDone;
}

HttpReply ProductEdits::remove_label(Product& product, const Target& target) {
  const std::string before(value_of(product, kLabelsColumn));
  const std::string after = merge_labels(before, "-" + unquoted(target.member).value_or(""));
  if (after == before) return not_found("Label " + target.member);
  store(product, kLabelsColumn, after);
  return kDone;
}

}  // namespace rithum_simulator
