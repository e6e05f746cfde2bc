#include "acumatica/product_id_writer.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "acumatica/reply.hpp"
#include "base/bytes.hpp"
#include "net/url.hpp"

namespace product_sync::acumatica {
namespace {

/// `"custom":{"ItemSettings":{"UsrRithumID":{…}}}` or `"Attributes":[{…}]`.
std::string member(const catalog::Source& target, const std::string& product_id) {
  const auto value = json_quote(product_id);
  if (const auto* attribute = std::get_if<catalog::AttributeSource>(&target)) {
    return fmt::format(R"("Attributes":[{{"AttributeID":{{"value":{}}},"Value":{{"value":{}}}}}])",
                       json_quote(attribute->id), value);
  }
  const auto& path = std::get<catalog::CustomFieldSource>(target).path;
  const auto dot = path.find('.');
  return fmt::format(R"("custom":{{{}:{{{}:{{"type":"CustomStringField","value":{}}}}}}})",
                     json_quote(path.substr(0, dot)), json_quote(path.substr(dot + 1)), value);
}

}  // namespace

ProductIdWriter::ProductIdWriter(Instance& instance, catalog::Source target)
    : instance_(instance), target_(std::move(target)) {
  if (!std::holds_alternative<catalog::AttributeSource>(target_) &&
      !std::holds_alternative<catalog::CustomFieldSource>(target_)) {
    throw std::invalid_argument("a product ID can be written to a custom field or an attribute");
  }
}

Result<void> ProductIdWriter::write(const std::string& inventory_id, const std::string& product_id,
                                    std::stop_token stop) {
  const Instance::Visit visit(instance_);
  Call call{std::move(stop)};
  const auto endpoint = instance_.endpoint(call);
  if (!endpoint) return tl::unexpected<Error>(endpoint.error());

  net::HttpRequest request;
  request.method = "PUT";
  request.url = net::join_url(net::join_url(instance_.base_url(), endpoint->path()), "StockItem?$select=InventoryID");
  request.headers = {{"Content-Type", "application/json"}, {"If-Match", "*"}};  // never makes an item
  request.body =
      fmt::format(R"({{"InventoryID":{{"value":{}}},{}}})", json_quote(inventory_id), member(target_, product_id));
  const auto what = fmt::format("Writing the product ID of item {}", inventory_id);
  return instance_.send(request, call, [&](const net::HttpResponse& response) -> Result<void> {
    if (response.status == 200) return {};
    Error error = failure(what, response, instance_.now());
    if (response.status == 404) instance_.forget_endpoint();
    if (response.status == 412) error.code = "acumatica.item_missing";
    if (response.status == 422 || response.status == 400) error.code = "acumatica.not_saved";
    if (response.status == 403) error.remedy = "Give the user Edit rights on Stock Items (IN202500).";
    return tl::unexpected<Error>(std::move(error));
  });
}

}  // namespace product_sync::acumatica
