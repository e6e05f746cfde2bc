#pragma once

#include "account.hpp"
#include "feed_processor.hpp"
#include "http_server.hpp"
#include "jobs.hpp"
#include "request_limits.hpp"

namespace rithum_simulator {

/// ProductUpload and ProductExport (rithum.md §5.3, §5.4). Where the reference knows nothing, this is assumed:
///   - the result file of an upload is a tab-separated table `Row, Inventory Number, Status, Error Code, Error Message`
///     with a line for each row of the file; Status is Created, Updated, Skipped or Error
///   - an upload whose header is refused ends as FailedValidation without a result file
///   - an unknown profile, processing method or column is answered with 400, an unknown token with 404, a body that is
///     neither tab-separated nor a ZIP archive of one such file with 415
class JobApi {
 public:
  JobApi(World& world, const Account& account, FeedProcessor& processor, const FeedNameSettings& names, Jobs& jobs,
         RequestLimits& limits)
      : world_(world), account_(account), processor_(processor), names_(names), jobs_(jobs), limits_(limits) {}

  [[nodiscard]] HttpReply start_upload(const HttpRequest& request);
  [[nodiscard]] HttpReply start_export(const HttpRequest& request);
  /// Both kinds are asked for in the same way.
  [[nodiscard]] HttpReply look(const HttpRequest& request);
  /// Where ResponseFileUrl points to; needs no token of access.
  static constexpr std::string_view kFiles = "/files/";
  [[nodiscard]] HttpReply response_file(const HttpRequest& request) const;

 private:
  [[nodiscard]] bool is_own_profile(const HttpRequest& request) const;
  [[nodiscard]] Jobs::Result upload(const std::string& content, const FeedName& name, const std::stop_token& stop);

  World& world_;
  const Account& account_;
  FeedProcessor& processor_;
  const FeedNameSettings& names_;
  Jobs& jobs_;
  RequestLimits& limits_;
};

}  // namespace rithum_simulator
