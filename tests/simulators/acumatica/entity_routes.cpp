#include <algorithm>
#include <array>
#include <charconv>

#include "json_text.hpp"
#include "list_reader.hpp"
#include "put_body.hpp"
#include "refusal.hpp"
#include "routes.hpp"

namespace acumatica_sim {
namespace {

/// One API request from its admission until its last byte is written.
struct InFlight {
  InFlight(Site& its_site, std::shared_ptr<LicenceGate::Pass> its_pass) : site(its_site), pass(std::move(its_pass)) {
    site.counts.begin();
  }
  ~InFlight() { site.counts.end(); }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;

  Site& site;
  std::shared_ptr<LicenceGate::Pass> pass;
};

/// A request for an entity: its place in the endpoint, and what keeps it counted.
struct EntityRequest {
  const Request& request;
  httplib::Response& response;
  std::shared_ptr<InFlight> in_flight;
  int release;            ///< 24 of 24.200.001
  std::string base_path;  ///< /entity/Default/24.200.001
  std::string key;        ///< what follows the entity's name

  [[nodiscard]] Shape shape() const {
    return Shape::parse(release, base_path, request.parameter("$expand"), request.parameter("$select"),
                        request.parameter("$custom"));
  }
};

std::uint64_t count_parameter(const std::string& name, const std::string& text, std::uint64_t otherwise) {
  if (text.empty()) return otherwise;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return value;
  throw Refusal(400, "The value '" + text + "' of " + name + " is not a number.");
}

constexpr const char* kJson = "application/json; charset=utf-8";

/// Sends a body that is there as a whole, spoiled if the behaviour says so.
void send(const EntityRequest& entity, int status, std::string body) {
  const Spoiled spoiled = entity.in_flight->site.behaviour.next_reply();
  if (spoiled.truncate_after && *spoiled.truncate_after < body.size()) body.resize(*spoiled.truncate_after);
  if (!spoiled.cut_after) {
    set_json(entity.response, status, std::move(body));
    return;
  }
  const std::size_t sent = std::min(*spoiled.cut_after, body.size() - 1);
  const auto shared = std::make_shared<const std::string>(std::move(body));
  entity.response.status = status;
  entity.response.set_content_provider(
      shared->size(), kJson,
      [shared, sent, in_flight = entity.in_flight](std::size_t offset, std::size_t, httplib::DataSink& sink) {
        if (offset < sent) sink.write(shared->data() + offset, sent - offset);
        return false;  // closes the connection
      });
}

/// Streams a list in pieces, so that the largest reply costs no more memory than one piece.
class ListStream {
 public:
  ListStream(const EntityRequest& entity, ListQuery query)
      : in_flight_(entity.in_flight),
        reader_(in_flight_->site.catalogue, std::move(query)),
        spoiled_(in_flight_->site.behaviour.next_reply()) {}
  ~ListStream() { in_flight_->site.counts.add_rows(reader_.rows()); }
  ListStream(const ListStream&) = delete;
  ListStream& operator=(const ListStream&) = delete;

  /// Writes the next piece; false closes the connection.
  bool write(httplib::DataSink& sink) {
    constexpr std::size_t kPiece = 128 * 1024;
    piece_.clear();
    const bool more = reader_.read(piece_, kPiece);
    const auto limit = spoiled_.cut_after ? spoiled_.cut_after : spoiled_.truncate_after;
    const bool ends_here = limit && written_ + piece_.size() >= *limit;
    if (ends_here) piece_.resize(*limit - written_);
    if (!piece_.empty() && !sink.write(piece_.data(), piece_.size())) return false;
    written_ += piece_.size();
    if (ends_here && spoiled_.cut_after) return false;
    if (!more || ends_here) sink.done();
    return true;
  }

 private:
  std::shared_ptr<InFlight> in_flight_;
  ListReader reader_;
  Spoiled spoiled_;
  std::size_t written_ = 0;
  std::string piece_;
};

void check_optimizable(const Site& site, const Shape& shape) {
  const auto refused = site.behaviour.settings().cannot_optimize;
  for (const std::string& name : shape.expanded()) {
    if (std::find(refused.begin(), refused.end(), name) == refused.end()) continue;
    throw Refusal(500,
                  "Optimization cannot be performed. The following fields cause the error:\r\n" + name + ": View " +
                      name + " has BQL delegate",
                  "PX.Api.ContractBased.OptimizedExport.CannotOptimizeException");
  }
}

void list(const EntityRequest& entity) {
  Site& site = entity.in_flight->site;
  ListQuery query;
  query.shape = entity.shape();
  check_optimizable(site, query.shape);
  const ListWindow asked{entity.request.parameter("$filter"), entity.request.parameter("$top"),
                         entity.request.parameter("$skip")};
  const ListWindow window = site.last_list.next(asked, site.behaviour.repeat_page());
  query.filter = Filter::parse(
      window.filter, {entity.release, site.options.catalogue.utc_offset_minutes, site.options.ignore_filter_offset});
  query.top = count_parameter("$top", window.top, query.top);
  query.skip = count_parameter("$skip", window.skip, 0);
  if (site.behaviour.settings().order == "shuffled") query.order = Catalogue::Order::shuffled;
  const auto stream = std::make_shared<ListStream>(entity, std::move(query));
  entity.response.status = 200;
  entity.response.set_chunked_content_provider(
      kJson, [stream](std::size_t, httplib::DataSink& sink) { return stream->write(sink); });
}

void get_stock_item(const EntityRequest& entity) {
  Site& site = entity.in_flight->site;
  if (entity.key.empty()) return list(entity);
  if (entity.key == "$adHocSchema") {
    send(entity, 200, schema_record(site.catalogue, entity.shape()));
    return;
  }
  auto item = site.catalogue.by_key(entity.key);
  if (!item) item = site.catalogue.by_id(entity.key);
  if (!item) {
    throw Refusal(404, "No entity satisfies the condition.",
                  "PX.Api.ContractBased.NoEntitySatisfiesTheConditionException");
  }
  std::string body;
  append_item(body, *item, entity.shape());
  send(entity, 200, std::move(body));
}

/// The key of the item that a PUT means: by InventoryID, by id, or by `$filter` (acumatica.md §2.9).
std::string key_of_put(const EntityRequest& entity, const PutRequest& put) {
  const Catalogue& catalogue = entity.in_flight->site.catalogue;
  if (!put.key.empty()) return put.key;
  if (!put.id.empty()) {
    const auto item = catalogue.by_id(put.id);
    return item ? item->key() : "";
  }
  const std::string filter = entity.request.parameter("$filter");
  if (filter.empty()) return {};
  const Filter parsed = Filter::parse(filter, {entity.release, catalogue.options().utc_offset_minutes, false});
  std::string key;
  auto place = catalogue.start(Catalogue::Order::ascending, parsed.keys_above());
  catalogue.visit(place, catalogue.size() + 1, [&](const Item& item) {
    if (parsed.matches(item)) key = item.key();
    return key.empty();
  });
  return key;
}

void put_stock_item(const EntityRequest& entity) {
  Site& site = entity.in_flight->site;
  if (!entity.key.empty()) throw Refusal(405, "The requested resource does not support this http method.");
  const PutRequest put = read_put(entity.request.http.body, entity.release);
  const Shape shape = entity.shape();
  const std::string key = key_of_put(entity, put);
  if (key.empty()) {
    send(entity, 422, record_with_errors(put.key, {{kInventoryID, put.key, "'Inventory ID' cannot be empty."}}, {}));
    return;
  }
  if (!put.errors.empty() || !put.record_errors.empty()) {
    send(entity, 422, record_with_errors(key, put.errors, put.record_errors));
    return;
  }
  Presence presence = Presence::any;
  if (entity.request.http.get_header_value("If-Match") == "*") presence = Presence::must_exist;
  if (entity.request.http.get_header_value("If-None-Match") == "*") presence = Presence::must_not_exist;
  const Change change = site.catalogue.apply(key, put.edit, presence);
  if (change.refused) {
    throw Refusal(412, presence == Presence::must_exist ? "The record does not exist." : "The record already exists.");
  }
  site.notify({change});
  std::string body;
  append_item(body, *change.after, shape);
  send(entity, 200, std::move(body));
}

/// The entities of the endpoint: one line each. Without handlers an entity is there, but its feature is switched off.
struct EntityRoute {
  std::string_view name;
  std::string_view screen;
  int since;
  void (*get)(const EntityRequest&);
  void (*put)(const EntityRequest&);
};
constexpr std::array<EntityRoute, 4> kEntities{{
    {"StockItem", "IN202500", 20, get_stock_item, put_stock_item},
    {"NonStockItem", "IN202000", 20, nullptr, nullptr},
    {"KitSpecification", "IN209500", 20, nullptr, nullptr},
    {"TemplateItems", "IN203000", 22, nullptr, nullptr},
}};

void probe(const Site& site, httplib::Response& response) {
  std::string endpoints = "[";
  for (const std::string& version : site.options.endpoints) {
    endpoints += "{\"name\":\"Default\",\"version\":" + json_string(version) +
                 ",\"href\":" + json_string("/entity/Default/" + version) + "},";
  }
  endpoints += R"({"name":"eCommerce","version":"23.200.001","href":"/entity/eCommerce/23.200.001"}])";
  if (site.options.probe_as_array) {
    set_json(response, 200, endpoints);
  } else {
    set_json(response, 200,
             "{\"version\":{\"acumaticaBuildVersion\":" + json_string(site.options.build) +
                 ",\"databaseVersion\":" + json_string(site.options.build) + "},\"endpoints\":" + endpoints + "}");
  }
}

/// Misbehaviour, sign-in and licence, in this order; what is left is an API request that will be processed.
std::shared_ptr<InFlight> admit(const Request& request, httplib::Response& response) {
  Site& site = request.site;
  const BehaviourSettings settings = site.behaviour.settings();
  site.pause.sleep(std::chrono::milliseconds{settings.latency_ms});
  if (const auto status = site.behaviour.next_refusal()) {
    if (settings.retry_after_s != 0 && *status != 401) {
      response.set_header("Retry-After", std::to_string(settings.retry_after_s));
    }
    throw Refusal(static_cast<int>(*status), "The simulator was told to answer so.");
  }
  const Admission admission = site.sessions.admit(credentials_of(request.http));
  if (admission.status == 401) throw Refusal(401, "You are not logged in.");
  if (admission.status != 200) throw Refusal(admission.status, "API Login Limit: no free API session.");
  set_session_cookie(response, admission.session_cookie);
  auto pass = site.gate.enter();
  if (!pass) throw Refusal(429, "The request was declined because of the limits of the license.");
  return std::make_shared<InFlight>(site, std::move(pass));
}

}  // namespace

void answer_entity(const Request& request, httplib::Response& response) {
  Site& site = request.site;
  const auto& path = request.path;
  if (path.size() == 1) return probe(site, response);
  auto in_flight = admit(request, response);
  const auto& versions = site.options.endpoints;
  if (path.size() < 4 || path[1] != "Default" ||
      std::find(versions.begin(), versions.end(), path[2]) == versions.end()) {
    throw Refusal(404, "No HTTP resource was found that matches the request URI.");
  }
  const int release = static_cast<int>(count_parameter("version", path[2].substr(0, path[2].find('.')), 0));
  for (const EntityRoute& entity : kEntities) {
    if (entity.name != path[3] || entity.since > release) continue;
    const auto handler = request.http.method == "GET"   ? entity.get
                         : request.http.method == "PUT" ? entity.put
                                                        : nullptr;
    if (!entity.get) {
      throw Refusal(403, "You have insufficient rights to access the form " + std::string(entity.screen) + ".");
    }
    if (!handler) throw Refusal(405, "The requested resource does not support this http method.");
    return handler({request, response, std::move(in_flight), release, "/entity/Default/" + path[2], request.rest(4)});
  }
  throw Refusal(404, "No HTTP resource was found that matches the request URI.");
}

}  // namespace acumatica_sim
