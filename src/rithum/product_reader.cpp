#include "rithum/product_reader.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "net/odata.hpp"
#include "net/url.hpp"
#include "rithum/properties.hpp"

namespace product_sync::rithum {
namespace {

constexpr std::string_view kProducts = "v1/Products";
/// Of a percent-encoded filter: Rithum answers 414 to long URLs (rithum.md §5.3) and does not say from where on; 2,000
/// bytes pass everywhere.
constexpr std::size_t kLongestFilter = 1'700;

/// A page, with what leads to the next.
struct Page {
  std::vector<ShownProduct> products;
  std::string next;
};

std::string text_of(const simdjson::dom::element& value) {
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS) return std::string(text);
  if (value.is_null()) return {};
  double number = 0;
  std::int64_t whole = 0;
  if (value.get_int64().get(whole) == simdjson::SUCCESS) return fmt::format("{}", whole);
  // The shortest text that reads back as the same number: 19.99, not 19.989999999999998.
  if (value.get_double().get(number) == simdjson::SUCCESS) return fmt::format("{}", number);
  bool flag = false;
  if (value.get_bool().get(flag) == simdjson::SUCCESS) return flag ? "TRUE" : "FALSE";
  return {};
}

void read_attributes(const simdjson::dom::element& entity, catalog::TextMap& values) {
  simdjson::dom::array attributes;
  if (entity["Attributes"].get_array().get(attributes) != simdjson::SUCCESS) return;
  for (const auto& attribute : attributes) {
    simdjson::dom::element name;
    simdjson::dom::element value;
    if (attribute["Name"].get(name) != simdjson::SUCCESS || attribute["Value"].get(value) != simdjson::SUCCESS) continue;
    if (auto text = text_of(value); !text.empty()) values["attribute:" + text_of(name)] = std::move(text);
  }
}

std::optional<ShownProduct> read_product(const simdjson::dom::element& entity) {
  ShownProduct product;
  simdjson::dom::element value;
  if (entity["ID"].get(value) != simdjson::SUCCESS) return std::nullopt;
  product.id = text_of(value);
  if (entity["Sku"].get(value) != simdjson::SUCCESS) return std::nullopt;
  product.sku = text_of(value);
  if (entity["UpdateDateUtc"].get(value) == simdjson::SUCCESS) {
    if (const auto updated = parse_iso8601(text_of(value))) product.updated = *updated;
  }
  for (const auto& property : properties()) {
    if (entity[property.name].get(value) != simdjson::SUCCESS) continue;
    if (auto text = text_of(value); !text.empty()) product.values.emplace(property.column, std::move(text));
  }
  read_attributes(entity, product.values);
  if (product.id.empty() || product.sku.empty()) return std::nullopt;
  return product;
}

Result<Page> parse_page(const std::string& body) {
  const auto unexpected = [] {
    return fail("rithum.unexpected_reply", "Reading products was answered with something else than a list of products.",
                "Check rithum.url.");
  };
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  simdjson::dom::array entities;
  if (parser.parse(body).get(root) != simdjson::SUCCESS) return unexpected();
  if (root["value"].get_array().get(entities) != simdjson::SUCCESS) return unexpected();
  Page page;
  for (const auto& entity : entities) {
    auto product = read_product(entity);
    if (!product) return unexpected();
    page.products.push_back(std::move(*product));
  }
  std::string_view next;
  if (root["@odata.nextLink"].get_string().get(next) == simdjson::SUCCESS) page.next = next;
  return page;
}

/// `ID,Sku,UpdateDateUtc` and the properties of the wanted columns.
std::string select_of(const Wanted& wanted) {
  std::string names = "ID,Sku,UpdateDateUtc";
  for (const auto& column : wanted.columns) {
    if (const auto* property = property_of(column)) names += fmt::format(",{}", property->name);
  }
  return names;
}

std::string url_of(const std::string& filter, const Wanted& wanted) {
  net::QueryBuilder query;
  query.add("$filter", filter).add("$select", select_of(wanted));
  if (wanted.attributes) query.add("$expand", "Attributes");
  return query.append_to(kProducts);
}

}  // namespace

Result<void> ProductReader::find(std::span<const std::string> skus, const Wanted& wanted, const ProductSink& sink,
                                 std::stop_token stop) {
  const auto profile = fmt::format("ProfileID eq {}", account_.profile_id());
  std::string conditions;
  const auto ask = [&]() -> Result<void> {
    if (conditions.empty()) return {};
    const auto filter = fmt::format("({}) and {}", std::exchange(conditions, {}), profile);
    if (auto read = read_pages(url_of(filter, wanted), sink, stop); !read) {
      return tl::unexpected<Error>(std::move(read.error()));
    }
    return {};
  };
  for (const auto& sku : skus) {
    const auto condition = fmt::format("{}Sku eq {}", conditions.empty() ? "" : " or ", net::odata_string(sku));
    if (net::percent_encode(conditions + condition).size() > kLongestFilter) {
      if (auto asked = ask(); !asked) return asked;
      conditions = fmt::format("Sku eq {}", net::odata_string(sku));
      continue;
    }
    conditions += condition;
  }
  return ask();
}

Result<void> ProductReader::read_all(const Wanted& wanted, const ProductSink& sink, std::stop_token stop) {
  const auto expected = count(stop);
  if (!expected) return tl::unexpected<Error>(expected.error());
  const auto read = read_pages(url_of(fmt::format("ProfileID eq {}", account_.profile_id()), wanted), sink, stop);
  if (!read) return tl::unexpected<Error>(read.error());
  // More is well: products may have been made meanwhile.
  if (*read >= *expected) return {};
  return fail("rithum.incomplete",
              fmt::format("Reading all products of profile {} brought {} of {}.", account_.profile_id(), *read, *expected),
              "Nothing is concluded from it; the next reading begins anew.", Retry::later);
}

Result<std::uint64_t> ProductReader::count(std::stop_token stop) {
  net::HttpRequest request;
  request.url = net::QueryBuilder()
                    .add("$filter", fmt::format("ProfileID eq {}", account_.profile_id()))
                    .append_to(fmt::format("{}/$count", kProducts));
  return account_.call(
      request, Account::Kind::plain, std::move(stop), [&](const net::HttpResponse& response) -> Result<std::uint64_t> {
        if (response.status != 200) return tl::unexpected<Error>(account_.failure("Counting products", response));
        std::string_view text = trim(response.body);
        if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc{} && end == text.data() + text.size()) return number;
        return fail("rithum.unexpected_reply", "Counting products was answered with something else than a number.",
                    "Check rithum.url.");
      });
}

Result<std::uint64_t> ProductReader::read_pages(const std::string& url, const ProductSink& sink,
                                                std::stop_token stop) {
  std::uint64_t read = 0;
  std::string first_id;
  net::HttpRequest request;
  request.url = url;
  while (true) {
    auto page = account_.call(request, Account::Kind::plain, stop, [&](const net::HttpResponse& response) {
      if (response.status != 200) return Result<Page>(tl::unexpected(account_.failure("Reading products", response)));
      return parse_page(response.body);
    });
    if (!page) return tl::unexpected<Error>(std::move(page.error()));
    if (page->products.empty()) return read;
    // A page beyond the end is the first page again (rithum.md §5.3).
    if (page->products.front().id == first_id) {
      account_.log().warning("rithum.pages_begin_again", "Rithum's pages led back to the first one; reading ends there.",
                             {{"profile", account_.profile_id()}, {"products", read}});
      return read;
    }
    if (first_id.empty()) first_id = page->products.front().id;
    read += page->products.size();
    for (auto& product : page->products) {
      if (auto taken = sink(std::move(product)); !taken) return tl::unexpected<Error>(std::move(taken.error()));
    }
    if (page->next.empty()) return read;
    // Followed as it is; but the access token goes to the account's own address alone.
    if (!page->next.starts_with(account_.url() + "/")) {
      return fail("rithum.unexpected_reply",
                  fmt::format("The next page of products lies at {}, outside of {}.", net::redacted(page->next),
                              account_.url()),
                  "Set rithum.url to the address that Rithum's answers name.");
    }
    request.url = page->next;
  }
}

}  // namespace product_sync::rithum
