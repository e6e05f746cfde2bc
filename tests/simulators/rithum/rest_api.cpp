#include "rest_api.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <vector>

#include "instant.hpp"
#include "odata_filter.hpp"
#include "product_entity.hpp"
#include "replies.hpp"
#include "value_lists.hpp"

namespace rithum_simulator {
namespace {

using nlohmann::json;

constexpr std::size_t kPageRows = 100;  // rithum.md §5.3

/// The products a `$filter` names, ascending by ID.
std::vector<const Product*> select_products(const Catalogue& catalogue, const std::optional<Filter>& filter,
                                            std::int64_t profile_id) {
  std::vector<const Product*> selected;
  const auto consider = [&](const Product& product) {
    const auto values = [&](const Property& property) {
      return property_value(property, product, catalogue, profile_id);
    };
    if (!filter || filter->matches(values)) selected.push_back(&product);
  };
  const auto skus = filter ? filter->skus() : std::nullopt;
  if (!skus) {
    for (const Product& product : catalogue.products()) consider(product);
    return selected;
  }
  const auto by_id = [](const Product* a, const Product* b) { return a->id < b->id; };
  std::set<const Product*, decltype(by_id)> candidates(by_id);
  for (const std::string& sku : *skus) {
    if (const Product* product = catalogue.find(sku)) candidates.insert(product);
  }
  for (const Product* product : candidates) consider(*product);
  return selected;
}

struct Query {
  std::optional<Filter> filter;
  std::string select;
  std::vector<std::string> expand;
  std::optional<std::size_t> top;
  std::size_t skip = 0;
  std::string error;
};

std::optional<std::size_t> parse_size(const std::string& text) {
  const auto number = parse_whole(text);
  if (!number || *number < 0) return std::nullopt;
  return static_cast<std::size_t>(*number);
}

Query read_query(const HttpRequest& request) {
  constexpr std::string_view kKnown[] = {"$filter", "$select", "$expand", "$top", "$skip", "$count", "access_token"};
  Query query;
  for (const auto& [name, value] : request.params) {
    if (std::ranges::find(kKnown, name) != std::end(kKnown)) continue;
    query.error = "The query parameter '" + name + "' is not supported.";
    return query;
  }
  if (const auto text = request.param("$filter"); !text.empty()) query.filter = Filter::parse(text, query.error);
  query.select = request.param("$select");
  if (!query.select.empty()) {
    for (const auto name : split_trimmed(query.select, ',')) {
      if (find_property(name) != nullptr) continue;
      query.error = "Could not find a property named '" + std::string(name) + "' on type 'Product'.";
    }
  }
  if (const auto text = request.param("$expand"); !text.empty()) {
    for (const auto name : split_trimmed(text, ',')) {
      if (!is_expansion(name)) query.error = "The expansion '" + std::string(name) + "' is not supported.";
      query.expand.emplace_back(name);
    }
  }
  if (const auto text = request.param("$top"); !text.empty()) {
    query.top = parse_size(text);
    if (!query.top) query.error = "Invalid value '" + text + "' for $top query option found.";
  }
  if (const auto text = request.param("$skip"); !text.empty()) {
    const auto skip = parse_size(text);
    if (!skip) query.error = "Invalid value '" + text + "' for $skip query option found.";
    query.skip = skip.value_or(0);
  }
  return query;
}

/// `top` is what is left of the caller's `$top`; 0 when it gave none.
std::string next_link(const HttpRequest& request, std::size_t skip, std::size_t top) {
  std::string link = "http://" + request.host + request.path + '?';
  for (const auto& [name, value] : request.params) {
    if (name != "$skip" && name != "$top") link += percent_encode(name) + '=' + percent_encode(value) + '&';
  }
  if (top != 0) link += "$top=" + std::to_string(top) + '&';
  return link + "$skip=" + std::to_string(skip);
}

}  // namespace

struct RestApi::Route {
  std::string_view method;
  std::string_view path;
  bool needs_token;
  HttpReply (RestApi::*answer)(const HttpRequest&);
};

const RestApi::Route RestApi::kRoutes[] = {
    {"POST", "/oauth2/token", false, &RestApi::token},
    {"GET", "/v1/Products", true, &RestApi::products},
    {"GET", "/v1/Products/$count", true, &RestApi::products_count},
    {"GET", "/v1/DistributionCenters", true, &RestApi::distribution_centers},
    {"POST", "/v1/ProductUpload", true, &RestApi::start_upload},
    {"GET", "/v1/ProductUpload", true, &RestApi::look_at_job},
    {"POST", "/v1/ProductExport", true, &RestApi::start_export},
    {"GET", "/v1/ProductExport", true, &RestApi::look_at_job},
};

HttpReply RestApi::answer(const HttpRequest& request) {
  for (const Route& route : kRoutes) {
    if (route.method != request.method || route.path != request.path) continue;
    {
      const std::lock_guard lock(world_.mutex);
      ++world_.stats.requests[std::string(route.method) + ' ' + std::string(route.path)];
    }
    if (route.needs_token && !is_authorized(request)) return denied();
    return (this->*route.answer)(request);
  }
  if (request.path.starts_with(JobApi::kFiles) && request.method == "GET") return jobs_.response_file(request);
  if (request.path.starts_with(ProductEdits::kPath)) {
    return is_authorized(request) ? edits_.answer(request) : denied();
  }
  return message_reply(
      404, "No HTTP resource was found that matches the request URI 'http://" + request.host + request.path + "'.");
}

HttpReply RestApi::distribution_centers(const HttpRequest& request) {
  const auto skip = parse_size(request.param("$skip")).value_or(0);
  json rows = json::array();
  std::size_t id = 0;
  for (const std::string& code : account_.distribution_centers) {
    if (id++ < skip || rows.size() == kPageRows) continue;
    rows.push_back(
        {{"ID", id - 1}, {"Code", code}, {"Type", "Warehouse"}, {"IsDeleted", false}, {"IsExternallyManaged", false}});
  }
  json body{{"value", rows}};
  if (skip + rows.size() < id && !rows.empty()) {
    body["@odata.nextLink"] = next_link(request, skip + rows.size(), 0);
  }
  return json_reply(body);
}

bool RestApi::is_authorized(const HttpRequest& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const bool has_header = request.authorization.starts_with(kBearer);
  const auto token = has_header ? request.authorization.substr(kBearer.size()) : request.param("access_token");
  return tokens_.is_valid(token, now_ms());
}

HttpReply RestApi::denied() {
  const std::lock_guard lock(world_.mutex);
  ++world_.stats.unauthorized;
  return {behaviour_.faults().denied_as_200 ? 200 : 401, json{{"Message", kDeniedText}}.dump()};
}

// Refusals are plain text, not JSON (rithum.md §5.1).
HttpReply RestApi::token(const HttpRequest& request) {
  const HttpReply refused{400, "Bad Request", "text/plain"};
  if (!request.content_type.starts_with("application/x-www-form-urlencoded")) return refused;
  if (request.param("grant_type") != "refresh_token") return refused;
  const auto token = tokens_.grant(request.authorization, request.param("refresh_token"), now_ms());
  if (!token) return refused;
  const std::lock_guard lock(world_.mutex);
  ++world_.stats.tokens_issued;
  return {200,
          json{{"access_token", *token}, {"token_type", "bearer"}, {"expires_in", tokens_.lifetime_seconds()}}.dump()};
}

HttpReply RestApi::products(const HttpRequest& request) {
  const Query query = read_query(request);
  if (!query.error.empty()) return odata_error(400, query.error);

  const std::lock_guard lock(world_.mutex);
  // Without a filter the catalogue itself is the selection: no list of a million pointers for a page.
  const auto& all = world_.catalogue.products();
  const auto selected = query.filter ? select_products(world_.catalogue, query.filter, account_.profile_id)
                                     : std::vector<const Product*>{};
  const std::size_t total = query.filter ? selected.size() : all.size();
  // A page beyond the end is the first page again (rithum.md §5.3).
  const std::size_t first = query.skip < total ? query.skip : 0;
  const std::size_t wanted = query.top.value_or(total);
  const std::size_t last = std::min({total, first + std::min(wanted, total), first + kPageRows});

  json body;
  body["@odata.context"] = "http://" + request.host + "/v1/$metadata#Products" +
                           (query.select.empty() ? std::string{} : "(" + query.select + ")");
  body["value"] = json::array();
  for (std::size_t i = first; i < last; ++i) {
    const Product& product = query.filter ? *selected[i] : all[i];
    auto entity = product_entity(product, world_.catalogue, account_.profile_id, query.select);
    for (const std::string& name : query.expand) {
      entity[name] = product_expansion(name, product, world_.catalogue, account_).value();
    }
    body["value"].push_back(std::move(entity));
  }
  const std::size_t sent = last - first;
  if (last < total && sent < wanted) {
    body["@odata.nextLink"] = next_link(request, last, query.top ? wanted - sent : 0);
  }
  return json_reply(body);
}

HttpReply RestApi::products_count(const HttpRequest& request) {
  const Query query = read_query(request);
  if (!query.error.empty()) return odata_error(400, query.error);
  const std::lock_guard lock(world_.mutex);
  const auto count = query.filter ? select_products(world_.catalogue, query.filter, account_.profile_id).size()
                                  : world_.catalogue.products().size();
  return {200, std::to_string(count), "text/plain"};
}

}  // namespace rithum_simulator
