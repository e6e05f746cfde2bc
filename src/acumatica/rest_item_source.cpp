#include "acumatica/rest_item_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "acumatica/cookie_session.hpp"
#include "acumatica/key_reader.hpp"
#include "acumatica/oauth_session.hpp"
#include "acumatica/odata.hpp"
#include "net/url.hpp"

namespace product_sync::acumatica {
namespace {

constexpr std::string_view kEntity = "StockItem";
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
      needs_(std::move(needs)),
      logger_(logger),
      instance_(instance_options(options_), client, std::move(session), clock, logger) {
  experience_.lists_lack_details = options_.read_items_by_key;
}

Result<ReadSummary> RestItemSource::read(const Selection& selection, const PageSink& sink, std::stop_token stop) {
  const Instance::Visit visit(instance_);
  Call call{std::move(stop)};
  ReadSummary summary;
  auto done = read_selection(selection, sink, call, summary);
  if (!done) return tl::unexpected<Error>(std::move(done.error()));
  summary.requests = call.requests;
  return summary;
}

Result<void> RestItemSource::read_selection(const Selection& selection, const PageSink& sink, Call& call,
                                            ReadSummary& summary) {
  const auto endpoint = instance_.endpoint(call);
  if (!endpoint) return tl::unexpected<Error>(endpoint.error());
  ItemReads reads = item_reads(*endpoint, call);

  ListOptions list;
  list.page_size = std::max(options_.page_size, kSmallestPage);
  list.paging = options_.paging;
  return std::visit(
      Overloaded{
          [&](const Keys& keys) {
            return KeyReader(reads, {.page_size = list.page_size}, sink, logger_).read(keys.inventory_ids, summary);
          },
          [&](const ModifiedBetween& range) {
            list.filter = filter_for(range);
            list.prove_complete = false;
            return ListReader(reads, list, sink, experience_, logger_).read(summary);
          },
          [&](const Everything&) {
            list.empty_is_error = !options_.allow_empty_catalogue;
            return ListReader(reads, list, sink, experience_, logger_).read(summary);
          }},
      selection);
}

ItemReads RestItemSource::item_reads(const Endpoint& endpoint, Call& call) {
  std::string entity = net::join_url(net::join_url(options_.base_url, endpoint.path()), kEntity);
  return {instance_, call, ItemQuery(std::move(entity), needs_), experience_, logger_};
}

std::string RestItemSource::filter_for(const ModifiedBetween& range) const {
  const auto bound = [&](std::string_view comparison, Instant instant) {
    return fmt::format("{} {} {}", options_.modified_field, comparison,
                       odata_datetimeoffset(instant, options_.zone_offset));
  };
  return both(bound("ge", range.from), range.to ? bound("lt", *range.to) : std::string{});
}

Result<std::string> RestItemSource::check(std::stop_token stop) {
  const Instance::Visit visit(instance_);
  Call call{std::move(stop)};
  const auto endpoint = instance_.endpoint(call);
  if (!endpoint) return tl::unexpected<Error>(endpoint.error());
  ItemReads reads = item_reads(*endpoint, call);
  auto page = reads.list({{}, 1, 0});
  if (!page) return tl::unexpected<Error>(std::move(page.error()));
  if (!reads.lists_have_details()) {
    page = reads.complete(std::move(*page));
    if (!page) return tl::unexpected<Error>(std::move(page.error()));
  }
  if (!page->failed.empty()) return tl::unexpected<Error>(page->failed.front().second);
  const std::string first =
      page->items.empty() ? "it has no stock items" : "read item " + page->items.front().inventory_id;
  return fmt::format("{}: signed in to tenant {}, endpoint {} {}, {}.", options_.base_url, options_.tenant,
                     endpoint->name, endpoint->version, first);
}

}  // namespace product_sync::acumatica
