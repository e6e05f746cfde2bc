#include "acumatica/rest_item_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "acumatica/cookie_session.hpp"
#include "acumatica/key_reader.hpp"
#include "acumatica/oauth_session.hpp"
#include "acumatica/odata.hpp"
#include "net/odata.hpp"
#include "net/url.hpp"

namespace product_sync::acumatica {
namespace {

constexpr std::size_t kSmallestPage = 2;

Instance::Options instance_options(const RestItemSourceOptions& options) {
  Instance::Options instance;
  instance.base_url = options.base_url;
  instance.endpoint_name = options.endpoint_name;
  instance.endpoint_version = options.endpoint_version;
  instance.limits = {options.licence_requests_per_minute * options.licence_share, options.burst,
                     options.concurrent_requests};
  instance.retry = options.retry;
  instance.connect_timeout = options.connect_timeout;
  instance.total_timeout = options.total_timeout;
  instance.longest_response = options.longest_response;
  return instance;
}

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

}  // namespace

std::unique_ptr<Session> RestItemSource::make_session(const RestItemSourceOptions& options, net::HttpClient& client,
                                                      TokenStore& store, Clock& clock, Logger& logger) {
  const auto oauth = [&](const auto& grant) -> std::unique_ptr<Session> {
    return std::make_unique<OAuthSession>(OAuthSession::Options{options.base_url, options.tenant, grant}, client, store,
                                          clock, logger);
  };
  return std::visit(Overloaded{[&](const PasswordGrant& grant) { return oauth(grant); },
                               [&](const RefreshTokenGrant& grant) { return oauth(grant); },
                               [&](const CookieLogin& login) -> std::unique_ptr<Session> {
                                 return std::make_unique<CookieSession>(
                                     CookieSession::Options{options.base_url, options.tenant, login}, client, clock,
                                     logger);
                               }},
                    options.credentials);
}

RestItemSource::RestItemSource(RestItemSourceOptions options, catalog::Needs needs, net::HttpClient& client,
                               std::unique_ptr<Session> session, Clock& clock, Logger& logger)
    : options_(std::move(options)),
      logger_(logger),
      instance_(instance_options(options_), client, std::move(session), clock, logger) {
  const auto part = [&](const Entity& entity, const catalog::Needs& its_needs) {
    auto made = std::unique_ptr<Part>(new Part{entity, its_needs, {}});
    made->experience.lists_lack_details = options_.read_items_by_key;
    return made;
  };
  items_.push_back(part(stock_item(), needs));
  if (options_.parts.template_items) items_.push_back(part(template_item(), needs));
  if (options_.parts.non_stock_items) items_.push_back(part(non_stock_item(), needs));
  if (options_.parts.kit_specifications) kits_ = part(kit_specification(), kit_specification_needs());
}

Result<ReadSummary> RestItemSource::read(const Selection& selection, const PageSink& sink, std::stop_token stop) {
  const Instance::Visit visit(instance_);
  Call call{std::move(stop)};
  ReadSummary summary;
  if (const auto* keys = std::get_if<Keys>(&selection)) {
    if (auto done = read_keys(*keys, sink, call, summary); !done) return tl::unexpected<Error>(done.error());
  } else {
    for (const auto& part : items_) {
      auto list = list_options(selection);
      // The catalogue may consist of other items alone where those are read too.
      list.empty_is_error &= items_.size() == 1;
      if (auto done = read_list(*part, std::move(list), sink, call, summary); !done) {
        return tl::unexpected<Error>(done.error());
      }
    }
  }
  summary.requests = call.requests;
  return summary;
}

/// An inventory ID names one item among stock items, non-stock items and templates: each entity is asked for those that
/// the ones before it do not have.
Result<void> RestItemSource::read_keys(const Keys& keys, const PageSink& sink, Call& call, ReadSummary& summary) {
  summary.missing = keys.inventory_ids;
  for (const auto& part : items_) {
    if (summary.missing.empty()) break;
    auto reads = reads_of(*part, call);
    if (!reads) return tl::unexpected<Error>(std::move(reads.error()));
    const auto wanted = std::exchange(summary.missing, {});
    const KeyReader::Options options{.page_size = list_options(keys).page_size};
    if (auto done = KeyReader(*reads, options, sink, logger_).read(wanted, summary); !done) return done;
  }
  return {};
}

Result<void> RestItemSource::read_list(Part& part, ListOptions list, const PageSink& sink, Call& call,
                                       ReadSummary& summary) {
  auto reads = reads_of(part, call);
  if (!reads) return tl::unexpected<Error>(std::move(reads.error()));
  return ListReader(*reads, std::move(list), sink, part.experience, logger_).read(summary);
}

Result<ReadSummary> RestItemSource::read_kits(const Selection& selection, const KitSink& sink, std::stop_token stop) {
  ReadSummary summary;
  if (!kits_) return summary;
  const Instance::Visit visit(instance_);
  Call call{std::move(stop)};
  const PageSink records = [&](std::vector<catalog::Item>&& page) -> Result<void> {
    std::vector<catalog::KitSpecification> kits;
    kits.reserve(page.size());
    for (const auto& record : page) kits.push_back(catalog::kit_specification(record));
    return sink(std::move(kits));
  };
  Result<void> done;
  if (const auto* keys = std::get_if<Keys>(&selection)) {
    done = read_kits_of(*keys, records, call, summary);
  } else {
    auto list = list_options(selection);
    list.empty_is_error = false;
    list.paging = Paging::skip;  // a key of two fields makes no keyset
    done = read_list(*kits_, std::move(list), records, call, summary);
  }
  if (!done) return tl::unexpected<Error>(std::move(done.error()));
  for (auto& [key, error] : summary.failed) key = key_parts(key).front();
  summary.requests = call.requests;
  return summary;
}

Result<void> RestItemSource::read_kits_of(const Keys& keys, const PageSink& sink, Call& call, ReadSummary& summary) {
  constexpr std::size_t kLongestFilter = 1'200;  // bytes; IIS refuses queries beyond 2,048 by default, and this is encoded
  std::string filter;
  const auto read = [&]() -> Result<void> {
    if (filter.empty()) return {};
    auto list = list_options(keys);
    list.filter = std::exchange(filter, {});
    list.paging = Paging::skip;
    return read_list(*kits_, std::move(list), sink, call, summary);
  };
  for (const auto& id : keys.inventory_ids) {
    const auto term = "KitInventoryID eq " + net::odata_string(id);
    if (net::percent_encode(filter + term).size() > kLongestFilter) {
      if (auto done = read(); !done) return done;
    }
    filter += (filter.empty() ? "" : " or ") + term;
  }
  return read();
}

ListOptions RestItemSource::list_options(const Selection& selection) const {
  ListOptions list;
  list.page_size = std::max(options_.page_size, kSmallestPage);
  list.paging = options_.paging;
  list.prove_complete = std::holds_alternative<Everything>(selection);
  list.empty_is_error = list.prove_complete && !options_.allow_empty_catalogue;
  if (const auto* range = std::get_if<ModifiedBetween>(&selection)) list.filter = filter_for(*range);
  return list;
}

Result<ItemReads> RestItemSource::reads_of(Part& part, Call& call) {
  const auto endpoint = instance_.endpoint(call);
  if (!endpoint) return tl::unexpected<Error>(endpoint.error());
  auto url = net::join_url(net::join_url(options_.base_url, endpoint->path()), part.entity.name);
  return ItemReads(instance_, call, part.entity, ItemQuery(std::move(url), part.needs, part.entity), part.experience,
                   logger_);
}

std::string RestItemSource::filter_for(const ModifiedBetween& range) const {
  const auto bound = [&](std::string_view comparison, Instant instant) {
    return fmt::format("{} {} {}", options_.modified_field, comparison,
                       odata_datetimeoffset(instant, options_.zone_offset));
  };
  return both(bound("ge", range.from), range.to ? bound("lt", *range.to) : std::string{});
}

Result<std::string> RestItemSource::check_part(Part& part, Call& call) {
  auto reads = reads_of(part, call);
  if (!reads) return tl::unexpected<Error>(std::move(reads.error()));
  auto page = reads->list({{}, 1, 0});
  if (!page) return tl::unexpected<Error>(std::move(page.error()));
  if (!reads->lists_have_details()) {
    page = reads->complete(std::move(*page));
    if (!page) return tl::unexpected<Error>(std::move(page.error()));
  }
  if (!page->failed.empty()) return tl::unexpected<Error>(page->failed.front().second);
  if (page->items.empty()) return fmt::format("it has no {}", part.entity.plural);
  const auto first = key_parts(page->items.front().inventory_id).front();
  return &part.entity == &stock_item() ? fmt::format("read item {}", first)
                                       : fmt::format("{} of {}", first, part.entity.plural);
}

Result<std::string> RestItemSource::check(std::stop_token stop) {
  const Instance::Visit visit(instance_);
  Call call{std::move(stop)};
  std::vector<Part*> parts;
  for (const auto& part : items_) parts.push_back(part.get());
  if (kits_) parts.push_back(kits_.get());
  std::string found;
  for (auto* part : parts) {
    const auto what = check_part(*part, call);
    if (!what) return what;
    found += (found.empty() ? "" : ", ") + *what;
  }
  const auto endpoint = instance_.endpoint(call);
  if (!endpoint) return tl::unexpected<Error>(endpoint.error());
  return fmt::format("{}: signed in to tenant {}, endpoint {} {}, {}.", options_.base_url, options_.tenant,
                     endpoint->name, endpoint->version, found);
}

}  // namespace product_sync::acumatica
