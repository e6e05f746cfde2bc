#include "rithum/product_edits.hpp"

#include <fmt/format.h>

#include <utility>

#include "net/odata.hpp"
#include "net/url.hpp"

namespace product_sync::rithum {

Result<void> ProductEdits::remove_component(const std::string& bundle_id, const std::string& component_id,
                                            std::stop_token stop) {
  return remove(fmt::format("v1/Products({})/BundleComponents({})", bundle_id, component_id),
                "Removing a bundle's component", std::move(stop));
}

Result<void> ProductEdits::remove_image(const std::string& product_id, const std::string& placement,
                                        std::stop_token stop) {
  return remove(
      fmt::format("v1/Products({})/Images({})", product_id, net::percent_encode(net::odata_string(placement))),
      "Removing an image", std::move(stop));
}

Result<void> ProductEdits::remove(const std::string& path, std::string_view what, std::stop_token stop) {
  net::HttpRequest request;
  request.method = "DELETE";
  request.url = path;
  return account_.call(request, Account::Kind::plain, std::move(stop),
                       [&](const net::HttpResponse& response) -> Result<void> {
                         const bool gone = response.status == 404;
                         if (gone || response.status / 100 == 2) return {};
                         return tl::unexpected<Error>(account_.failure(what, response));
                       });
}

}  // namespace product_sync::rithum
