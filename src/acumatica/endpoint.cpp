#include "acumatica/endpoint.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <simdjson.h>

#include <charconv>
#include <optional>
#include <vector>

#include "acumatica/reply.hpp"
#include "net/url.hpp"

namespace product_sync::acumatica {
namespace {

constexpr std::size_t kNamedInMessage = 20;

using Version = std::vector<int>;  // 24.200.001 -> 24, 200, 1: compares as versions do

std::optional<Version> parse_version(std::string_view text) {
  Version version;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (;;) {
    int part = 0;
    const auto [next, error] = std::from_chars(at, end, part);
    if (error != std::errc{} || part < 0) return std::nullopt;
    version.push_back(part);
    if (next == end) return version;
    if (*next != '.') return std::nullopt;
    at = next + 1;
  }
}

std::optional<std::vector<Endpoint>> parse_list(std::string_view reply) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(simdjson::padded_string(reply)).get(root) != simdjson::SUCCESS) return std::nullopt;
  simdjson::dom::array list;
  if (root.get_array().get(list) != simdjson::SUCCESS && root["endpoints"].get_array().get(list) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  std::vector<Endpoint> endpoints;
  for (const simdjson::dom::element entry : list) {
    std::string_view name;
    std::string_view version;
    if (entry["name"].get_string().get(name) != simdjson::SUCCESS) continue;
    if (entry["version"].get_string().get(version) != simdjson::SUCCESS) continue;
    endpoints.push_back({std::string(name), std::string(version)});
  }
  return endpoints;
}

}  // namespace

std::string Endpoint::path() const {
  return "entity/" + net::percent_encode(name) + "/" + net::percent_encode(version);
}

Result<Endpoint> choose_endpoint(std::string_view reply, std::string_view name, std::string_view wanted_version) {
  const auto endpoints = parse_list(reply);
  if (!endpoints) {
    return fail("acumatica.unexpected_reply",
                fmt::format("The list of endpoints cannot be read: {}.", failure_text(reply)),
                "Check that the base URL is the Acumatica instance itself.");
  }
  const Version oldest = parse_version(kOldestVersion).value();
  std::optional<Version> best_version;
  const Endpoint* best = nullptr;
  std::vector<std::string> found;
  for (const Endpoint& endpoint : *endpoints) {
    if (found.size() < kNamedInMessage) found.push_back(endpoint.name + " " + endpoint.version);
    const auto version = parse_version(endpoint.version);
    if (endpoint.name != name || !version) continue;
    if (wanted_version.empty() ? *version < oldest : endpoint.version != wanted_version) continue;
    if (best != nullptr && *version <= *best_version) continue;
    best = &endpoint;
    best_version = version;
  }
  if (best != nullptr) return *best;
  const std::string wanted = wanted_version.empty() ? fmt::format("{} {} or newer", name, kOldestVersion)
                                                    : fmt::format("{} {}", name, wanted_version);
  return fail("acumatica.endpoint_missing",
              fmt::format("Acumatica has no endpoint {}; it has: {}.", wanted,
                          found.empty() ? "none" : fmt::format("{}", fmt::join(found, ", "))),
              "Name one of these as endpoint in the configuration, or update Acumatica to 2024 R2 or newer.");
}

}  // namespace product_sync::acumatica
