#include "sync/api_route.hpp"

#include <fmt/format.h>

#include <utility>

namespace product_sync::sync {

ApiRoute::ApiRoute(Options options, rithum::ProductUpload& uploads, store::Store& store, Clock& clock, Logger& log)
    : options_(options), uploads_(uploads), store_(store), clock_(clock), log_(log) {}

Result<bool> ApiRoute::takes(const store::OutboxFile& file) {
  if (file.file.rows > options_.threshold) return false;
  const auto run = store_.runs().find(file.run_id);
  if (!run) return tl::unexpected(run.error());
  if (*run && (*run)->what.type == store::RunType::full) return false;
  const auto follows = store_.proofs().follows_unproven_transfer(file.id, clock_.now() - options_.uncollected);
  if (!follows) return tl::unexpected(follows.error());
  if (*follows) {
    log_.info("delivery.route", fmt::format("{} goes by file: an earlier file with its products may still be uncollected.",
                                            file.file.name),
              {{"site", file.site}, {"file", file.file.name}});
  }
  return !*follows;
}

Result<store::Receipt> ApiRoute::deliver(const store::OutboxFile& file, std::stop_token stop) {
  const auto job = uploads_.start(file.file.path, std::move(stop));
  if (!job) return tl::unexpected(job.error());
  return store::Receipt{store::Route::api, job->token, "Rithum's interface"};
}

}  // namespace product_sync::sync
