#include <algorithm>
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
  const EntitySpec& spec;
  const Request& request;
  httplib::Response& response;
  std::shared_ptr<InFlight> in_flight;
  int release;            ///< 24 of 24.200.001
  std::string base_path;  ///< /entity/Default/24.200.001
  std::string key;        ///< what follows the entity's name, key parts joined

  [[nodiscard]] Site& site() const { return in_flight->site; }
  [[nodiscard]] const Catalogue& catalogue() const { return site().tenant[spec.table]; }
  [[nodiscard]] Shape shape() const {
    return Shape::parse(spec, release, base_path, request.parameter("$expand"), request.parameter("$select"),
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
        reader_(entity.catalogue(), std::move(query)),
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
    const auto named = [&](const std::string& each) {
      return each == name || each == std::string(shape.spec->name) + "/" + name;
    };
    if (std::none_of(refused.begin(), refused.end(), named)) continue;
    throw Refusal(500,
                  "Optimization cannot be performed. The following fields cause the error:\r\n" + name + ": View " +
                      name + " has BQL delegate",
                  "PX.Api.ContractBased.OptimizedExport.CannotOptimizeException");
  }
}

void list(const EntityRequest& entity) {
  Site& site = entity.site();
  ListQuery query;
  query.shape = entity.shape();
  check_optimizable(site, query.shape);
  const ListWindow asked{entity.request.parameter("$filter"), entity.request.parameter("$top"),
                         entity.request.parameter("$skip")};
  const ListWindow window = site.last_list.next(asked, site.behaviour.repeat_page());
  query.filter =
      Filter::parse(window.filter, entity.spec,
                    {entity.release, site.options.catalogue.utc_offset_minutes, site.options.ignore_filter_offset});
  query.top = count_parameter("$top", window.top, query.top);
  query.skip = count_parameter("$skip", window.skip, 0);
  if (site.behaviour.settings().order == "shuffled") query.order = Catalogue::Order::shuffled;
  const auto stream = std::make_shared<ListStream>(entity, std::move(query));
  entity.response.status = 200;
  entity.response.set_chunked_content_provider(
      kJson, [stream](std::size_t, httplib::DataSink& sink) { return stream->write(sink); });
}

/// The record that a path means: by its key fields, or by its id.
std::optional<Item> find(const EntityRequest& entity) {
  auto item = entity.catalogue().by_key(entity.key);
  return item ? item : entity.catalogue().by_id(entity.key);
}

[[noreturn]] void refuse_unknown() {
  throw Refusal(404, "No entity satisfies the condition.",
                "PX.Api.ContractBased.NoEntitySatisfiesTheConditionException");
}

void get(const EntityRequest& entity) {
  if (entity.key.empty()) return list(entity);
  if (entity.key == "$adHocSchema") {
    send(entity, 200, schema_record(entity.catalogue(), entity.shape()));
    return;
  }
  const auto item = find(entity);
  if (!item) refuse_unknown();
  std::string body;
  append_item(body, *item, entity.shape());
  send(entity, 200, std::move(body));
}

/// The key of the record that a PUT means: by key fields, by id, or by `$filter` (acumatica.md §2.9).
std::string key_of_put(const EntityRequest& entity, const PutRequest& put) {
  const Catalogue& catalogue = entity.catalogue();
  if (!put.key.empty()) return put.key;
  if (!put.id.empty()) {
    const auto item = catalogue.by_id(put.id);
    return item ? item->key() : "";
  }
  const std::string filter = entity.request.parameter("$filter");
  if (filter.empty()) return {};
  const int offset = catalogue.tenant().options().utc_offset_minutes;
  const Filter parsed = Filter::parse(filter, entity.spec, {entity.release, offset, false});
  std::string key;
  auto place = catalogue.start(Catalogue::Order::ascending, parsed.keys_above());
  catalogue.visit(place, catalogue.size() + 1, [&](const Item& item) {
    if (parsed.matches(item)) key = item.key();
    return key.empty();
  });
  return key;
}

void put(const EntityRequest& entity) {
  Site& site = entity.site();
  if (!entity.key.empty()) throw Refusal(405, "The requested resource does not support this http method.");
  const PutRequest put = read_put(entity.request.http.body, entity.spec, entity.release);
  const Shape shape = entity.shape();
  const std::string key = key_of_put(entity, put);
  if (key.empty()) {
    send(entity, 422, record_with_errors(entity.spec, put.key, {}, {"The key fields cannot be empty."}));
    return;
  }
  if (!put.errors.empty() || !put.record_errors.empty()) {
    send(entity, 422, record_with_errors(entity.spec, key, put.errors, put.record_errors));
    return;
  }
  Presence presence = Presence::any;
  if (entity.request.http.get_header_value("If-Match") == "*") presence = Presence::must_exist;
  if (entity.request.http.get_header_value("If-None-Match") == "*") presence = Presence::must_not_exist;
  const Change change = site.tenant.apply(entity.spec.table, key, put.edit, presence);
  if (change.refused) {
    throw Refusal(412, presence == Presence::must_exist ? "The record does not exist." : "The record already exists.");
  }
  site.notify({change});
  std::string body;
  append_item(body, *change.after, shape);
  send(entity, 200, std::move(body));
}

void remove(const EntityRequest& entity) {
  const auto item = find(entity);
  if (entity.key.empty() || !item) refuse_unknown();
  entity.site().notify({entity.site().tenant.remove(entity.spec.table, item->key())});
  entity.response.status = 204;
}

/// The bytes of an attached file: `files/<id>` (acumatica.md §2.7). All pictures are the same white pixel.
void get_file(const Site& site, const std::string& id, httplib::Response& response) {
  constexpr std::string_view kPixel(
      "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9c"
      "c\xf8\xff\xff\xff\x7f\0\x09\xfb\x03\xfd\x05\x43\x45\xca\0\0\0\0IEND\xae\x42\x60\x82",
      70);
  for (const EntitySpec& spec : entity_schemas()) {
    const auto index = hidden_index(site.options.catalogue, id, site.tenant[spec.table].generated());
    const auto item = index ? site.tenant[spec.table].by_index(*index) : std::nullopt;
    const std::size_t files = item ? item->files().size() : 0;
    for (std::size_t i = 0; i < files; ++i) {
      if (item->seeded().file_guid(i) != id) continue;
      response.status = 200;
      response.set_content(kPixel.data(), kPixel.size(), "image/png");
      return;
    }
  }
  throw Refusal(404, "The file cannot be found.");
}

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
  if (path[3] == "files" && path.size() == 5 && request.http.method == "GET") return get_file(site, path[4], response);
  for (const EntitySpec& spec : entity_schemas()) {
    if (spec.name != path[3] || spec.since > release) continue;
    const auto& off = site.options.switched_off;
    if (std::find(off.begin(), off.end(), spec.name) != off.end()) {
      throw Refusal(403, "You have insufficient rights to access the form " + std::string(spec.screen) + ".");
    }
    const EntityRequest entity{spec,
                               request,
                               response,
                               std::move(in_flight),
                               release,
                               "/entity/Default/" + path[2],
                               spec.key_from_path(request.rest(4))};
    if (request.http.method == "GET") return get(entity);
    if (request.http.method == "PUT") return put(entity);
    if (request.http.method == "DELETE") return remove(entity);
    throw Refusal(405, "The requested resource does not support this http method.");
  }
  throw Refusal(404, "No HTTP resource was found that matches the request URI.");
}

}  // namespace acumatica_sim
