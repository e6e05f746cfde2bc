#include "acumatica/item_reads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "acumatica/reply.hpp"

namespace product_sync::acumatica {
namespace {

/// So many items in a row whose own read fails are no fault of the items.
constexpr int kFailuresInARow = 5;

constexpr std::array<std::string_view, 6> kItemFaults{"acumatica.record_error",      "acumatica.server_error",
                                                      "acumatica.unexpected_status", "acumatica.unexpected_reply",
                                                      "acumatica.malformed_json",    "http.too_large"};

}  // namespace

bool concerns_one_item(const Error& error) {
  return std::find(kItemFaults.begin(), kItemFaults.end(), error.code) != kItemFaults.end();
}

ItemReads::ItemReads(Instance& instance, Call& call, const Entity& entity, ItemQuery query, Experience& experience,
                     Logger& logger)
    : instance_(instance),
      call_(call),
      entity_(entity),
      query_(std::move(query)),
      experience_(experience),
      logger_(logger),
      parser_(entity) {
  shape_.details = !experience.lists_lack_details;
}

Result<ParsedPage> ItemReads::list(const ListRange& range) {
  for (;;) {
    auto page = get_list(query_.list(range, shape_), shape_.select && !proven_);
    if (page) {
      proven_ = true;
      return page;
    }
    if (!fall_back(page.error())) return page;
  }
}

Result<ParsedPage> ItemReads::list_keys(const ListRange& range) {
  return get_list(query_.list(range, {shape_.select, false}), false);
}

std::size_t ItemReads::list_url_length(const std::string& filter) const {
  return query_.list({filter, 0, 0}, shape_).size();
}

Result<ParsedPage> ItemReads::get_list(const std::string& url, bool give_up_on_500) {
  return instance_.get(url, call_, [&](net::HttpResponse response) -> Result<ParsedPage> {
    if (response.status == 200) return parser_.parse_list(std::move(response.body));
    Error error = refused(fmt::format("Reading {}", entity_.plural), response);
    if (response.status == 404) instance_.forget_endpoint();
    if (response.status == 500 && give_up_on_500 && error.code == "acumatica.server_error") error.retry = Retry::never;
    return tl::unexpected<Error>(std::move(error));
  });
}

Error ItemReads::refused(std::string_view what, const net::HttpResponse& response) const {
  Error error = failure(what, response, instance_.now());
  if (error.code == "acumatica.forbidden") {
    error.remedy = fmt::format("Give the user View rights on {}", entity_.form);
    error.remedy += entity_.feature.empty()
                        ? "."
                        : fmt::format(", and check that the feature {} is switched on (CS100000).", entity_.feature);
  }
  return error;
}

bool ItemReads::fall_back(const Error& error) {
  if (error.code == "acumatica.not_optimizable" && shape_.details) {
    shape_.details = false;
    if (!experience_.lists_lack_details.exchange(true)) {
      logger_.warning(
          "acumatica.not_optimizable",
          fmt::format("Lists of {} cannot carry what the mapping needs, so each is read by its key, which takes a request "
                      "for each.",
                      entity_.plural),
          {{"answer", error.message}});
    }
    return true;
  }
  // Some entities answer 500 to any $select (acumatica.md §2.5). A shape that has worked before is not the reason.
  if (error.code == "acumatica.server_error" && error.retry == Retry::never && shape_.select && !proven_) {
    shape_.select = false;
    logger_.warning("acumatica.select_refused", "A list with $select failed; reading whole records instead.",
                    {{"answer", error.message}});
    return true;
  }
  return false;
}

Result<ParsedPage> ItemReads::by_key(std::string_view key) {
  return instance_.get(query_.by_key(key, shape_.select), call_,
                       [&](net::HttpResponse response) -> Result<ParsedPage> {
                         if (response.status == 404) return ParsedPage{};
                         if (response.status == 200) return parser_.parse_record(std::move(response.body));
                         return tl::unexpected<Error>(
                             refused(fmt::format("Reading {} of {}", key_parts(key).front(), entity_.plural), response));
                       });
}

Result<ParsedPage> ItemReads::complete(ParsedPage page) {
  ParsedPage full;
  full.keys = std::move(page.keys);
  full.failed = std::move(page.failed);
  int failures = 0;
  for (const catalog::Item& stub : page.items) {
    auto one = by_key(stub.inventory_id);
    if (one) {
      failures = 0;
      std::move(one->items.begin(), one->items.end(), std::back_inserter(full.items));
      std::move(one->failed.begin(), one->failed.end(), std::back_inserter(full.failed));
      continue;
    }
    if (!concerns_one_item(one.error()) || ++failures == kFailuresInARow) return one;
    full.failed.emplace_back(stub.inventory_id, std::move(one.error()));
  }
  return full;
}

}  // namespace product_sync::acumatica
