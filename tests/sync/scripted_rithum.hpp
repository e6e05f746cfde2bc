#pragma once

#include <fmt/format.h>

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "support/scripted_http_server.hpp"

namespace product_sync {

/// Rithum's interface with the products that a test puts into it.
class ScriptedRithum {
 public:
  using Values = std::map<std::string, std::string>;  ///< REST properties; `attribute:NAME` for an attribute

  ScriptedRithum() {
    server.always("POST", "/oauth2/token", {200, R"({"access_token":"t","token_type":"bearer","expires_in":3600})"});
    server.always("GET", "/v1/Products/$count", [this](const auto&) {
      const std::lock_guard lock(mutex_);
      return ScriptedHttpServer::Reply{200, std::to_string(products_.size())};
    });
    server.always("GET", "/v1/Products", [this](const auto& request) { return list(request.target); });
    server.always("POST", "/v1/ProductExport", {400, "Bad Request"});  // so that pages are read
    server.always("POST", "/v1/ProductUpload", [this](const auto&) {
      const std::lock_guard lock(mutex_);
      return ScriptedHttpServer::Reply{200, job("Pending")};
    });
    server.always("GET", "/v1/ProductUpload", [this](const auto&) {
      const std::lock_guard lock(mutex_);
      return ScriptedHttpServer::Reply{200, job(upload_status_)};
    });
  }

  void put(const std::string& sku, int id, Values values) {
    const std::lock_guard lock(mutex_);
    products_[sku] = {id, std::move(values)};
  }
  void remove(const std::string& sku) {
    const std::lock_guard lock(mutex_);
    products_.erase(sku);
  }
  /// What uploads say from now on; the result file has these lines, or is not there.
  void uploads_end(const std::string& status, std::optional<std::string> result_file = {}) {
    const std::lock_guard lock(mutex_);
    upload_status_ = status;
    has_result_ = result_file.has_value();
    if (result_file) server.always("GET", "/result", {200, *result_file});
  }
  [[nodiscard]] std::vector<std::string> uploads() const {
    std::vector<std::string> bodies;
    for (const auto& request : server.requests("POST", "/v1/ProductUpload")) bodies.push_back(request.body);
    return bodies;
  }

  ScriptedHttpServer server;

 private:
  struct Product {
    int id = 0;
    Values values;
  };

  [[nodiscard]] std::string job(const std::string& status) const {
    return fmt::format(R"({{"Token":"token","Status":"{}","ResponseFileUrl":{}}})", status,
                       has_result_ ? json_quote(server.url("/result")) : "null");
  }

  /// Those whose SKU stands in the filter; all where it names none.
  [[nodiscard]] ScriptedHttpServer::Reply list(const std::string& target) const {
    const std::lock_guard lock(mutex_);
    const bool all = target.find("Sku%20eq") == std::string::npos;
    std::string list;
    for (const auto& [sku, product] : products_) {
      if (!all && to_lower_ascii(target).find("%27" + to_lower_ascii(sku) + "%27") == std::string::npos) continue;
      list += fmt::format("{}{}", list.empty() ? "" : ",", entity(sku, product));
    }
    return {200, fmt::format(R"({{"value":[{}]}})", list)};
  }

  static std::string entity(const std::string& sku, const Product& product) {
    constexpr std::string_view kAttribute = "attribute:";
    std::string attributes;
    std::string text = fmt::format(R"("ID":{},"Sku":{})", product.id, json_quote(sku));
    for (const auto& [name, value] : product.values) {
      if (!name.starts_with(kAttribute)) {
        text += fmt::format(",{}:{}", json_quote(name), json_quote(value));
        continue;
      }
      attributes += fmt::format(R"({}{{"Name":{},"Value":{}}})", attributes.empty() ? "" : ",",
                                json_quote(name.substr(kAttribute.size())), json_quote(value));
    }
    return fmt::format(R"({{{},"Attributes":[{}]}})", text, attributes);
  }

  mutable std::mutex mutex_;  // guards what follows
  std::map<std::string, Product> products_;
  std::string upload_status_ = "InProgress";
  bool has_result_ = false;
};

}  // namespace product_sync
