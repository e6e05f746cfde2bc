#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "acumatica/credentials.hpp"
#include "acumatica/instance.hpp"
#include "acumatica/item_reads.hpp"
#include "acumatica/item_source.hpp"
#include "acumatica/list_reader.hpp"
#include "acumatica/token_store.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "catalog/source.hpp"
#include "net/http_client.hpp"

namespace product_sync::acumatica {

/// What the catalogue is made of beside stock items.
struct CatalogueParts {
  bool non_stock_items = false;
  bool template_items = false;
  bool kit_specifications = false;
};

struct RestItemSourceOptions {
  std::string base_url;  ///< of the instance: `https://erp.example.com/AcumaticaERP`
  std::string tenant;    ///< login name
  Credentials credentials;
  std::string endpoint_name = "Default";
  std::string endpoint_version;  ///< empty: the newest that is not older than 24.200.001

  double licence_requests_per_minute = 0;  ///< M of License Monitoring Console (SM604000); 0 = no limit known
  double licence_share = 0.4;              ///< of M, in (0, 1]; throttling begins at half (acumatica.md §2.3)
  int burst = 5;                           ///< requests at once after a quiet time
  int concurrent_requests = 2;

  CatalogueParts parts;
  std::size_t page_size = 500;
  Paging paging = Paging::automatic;
  bool read_items_by_key = false;  ///< from the start, without trying whether lists can carry the details
  bool allow_empty_catalogue = false;
  std::string modified_field = "LastModifiedDateTime";
  std::chrono::minutes zone_offset{0};  ///< east of UTC, in which modification times are asked for: the tenant's

  net::RetryPolicy retry;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds total_timeout{660'000};
  std::uint64_t longest_response = 64ULL << 20U;  ///< bytes
};

/// ItemSource over the contract-based REST API. Memory holds one page of items (and eight bytes for each item of a
/// list).
class RestItemSource final : public ItemSource {
 public:
  /// The session that `options` describe. `store` keeps OAuth grants; a CookieLogin does not use it.
  [[nodiscard]] static std::unique_ptr<Session> make_session(const RestItemSourceOptions& options,
                                                             net::HttpClient& client, TokenStore& store, Clock& clock,
                                                             Logger& logger);

  RestItemSource(RestItemSourceOptions options, catalog::Needs needs, net::HttpClient& client,
                 std::unique_ptr<Session> session, Clock& clock, Logger& logger);

  Result<ReadSummary> read(const Selection& selection, const PageSink& sink, std::stop_token stop) override;
  Result<ReadSummary> read_kits(const Selection& selection, const KitSink& sink, std::stop_token stop) override;
  Result<std::string> check(std::stop_token stop) override;

  /// For others who work at the same instance: one sign-in and one share of the licence.
  [[nodiscard]] Instance& instance() { return instance_; }

 private:
  /// An entity that items are read from, and what is known of reading it.
  struct Part {
    const Entity& entity;
    catalog::Needs needs;
    Experience experience;
  };

  Result<void> read_keys(const Keys& keys, const PageSink& sink, Call& call, ReadSummary& summary);
  Result<void> read_list(Part& part, ListOptions list, const PageSink& sink, Call& call, ReadSummary& summary);
  Result<void> read_kits_of(const Keys& keys, const PageSink& sink, Call& call, ReadSummary& summary);
  Result<std::string> check_part(Part& part, Call& call);
  [[nodiscard]] Result<ItemReads> reads_of(Part& part, Call& call);
  [[nodiscard]] ListOptions list_options(const Selection& selection) const;
  [[nodiscard]] std::string filter_for(const ModifiedBetween& range) const;

  const RestItemSourceOptions options_;
  Logger& logger_;
  Instance instance_;
  std::vector<std::unique_ptr<Part>> items_;  // in the order in which keys are looked for
  std::unique_ptr<Part> kits_;                // null: the catalogue has none
};

}  // namespace product_sync::acumatica
