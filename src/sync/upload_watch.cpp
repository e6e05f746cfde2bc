#include "sync/upload_watch.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "sync/subject.hpp"

namespace product_sync::sync {
namespace {

using rithum::JobPhase;
using store::OtherRows;

/// What an ended job says of the rows that its result file does not refuse.
OtherRows other_rows(const rithum::Job& job, bool any_refused) {
  switch (job.phase()) {
    case JobPhase::complete:
      return OtherRows::confirmed;
    case JobPhase::partial:
      // Errors that no row is named for could be anybody's.
      return any_refused && job.status == "CompleteWithErrors" ? OtherRows::confirmed : OtherRows::unknown;
    case JobPhase::failed:
      return OtherRows::refused;
    case JobPhase::running:
      break;
  }
  return OtherRows::unknown;
}

}  // namespace

UploadWatch::UploadWatch(std::string site, std::chrono::seconds deadline, rithum::ProductUpload& uploads,
                         store::Store& store, Clock& clock, Logger& log)
    : site_(std::move(site)), deadline_(deadline), uploads_(uploads), store_(store), clock_(clock), log_(log) {}

Result<std::size_t> UploadWatch::round(std::stop_token stop) {
  const auto uploads = store_.proofs().uploads(site_);
  if (!uploads) return tl::unexpected(uploads.error());
  std::size_t running = 0;
  for (const auto& upload : *uploads) {
    const auto ended = look(upload, stop);
    if (!ended) return tl::unexpected(ended.error());
    if (!*ended) ++running;
  }
  return running;
}

/// Whether the upload has ended.
Result<bool> UploadWatch::look(const store::Upload& upload, std::stop_token stop) {
  const auto job = uploads_.look(upload.token, stop);
  if (!job) {
    if (job.error().retry != Retry::never || job.error().code == "rithum.authorization_lost" ||
        job.error().code == "rithum.unauthorized") {
      return tl::unexpected(job.error());
    }
    return leave_to_reading_back(upload, job.error().message).map([] { return true; });
  }
  if (job->phase() != JobPhase::running) return settle(upload, *job, stop).map([] { return true; });
  if (clock_.now() - upload.started < deadline_) return false;
  return leave_to_reading_back(upload, fmt::format("It still says {}.", job->status)).map([] { return true; });
}

Result<void> UploadWatch::settle(const store::Upload& upload, const rithum::Job& job, std::stop_token stop) {
  auto outcomes = uploads_.outcomes(job, stop);
  if (!outcomes) {
    if (outcomes.error().retry != Retry::never) return tl::unexpected(std::move(outcomes.error()));
    log_.error("upload.result_unreadable", outcomes.error().text(), {{"site", site_}, {"status", job.status}});
    outcomes = std::vector<rithum::RowOutcome>{};
  }
  std::vector<store::RefusedRow> refused;
  for (const auto& outcome : *outcomes) {
    if (!outcome.error.empty()) refused.push_back({key_of(outcome.sku), outcome.error});
  }
  const auto others = other_rows(job, !refused.empty());
  const auto reason = fmt::format("Rithum ended the upload as {}.", job.status);
  const auto settled = store_.proofs().settle(upload.file, refused, others, reason, clock_.now());
  if (!settled) return tl::unexpected(settled.error());
  const bool all_well = settled->rejected == 0 && others == OtherRows::confirmed;
  const auto text = fmt::format("An upload of site {} ended as {}: {} confirmed, {} rejected.", site_, job.status,
                                settled->confirmed, settled->rejected);
  if (all_well) {
    log_.info("upload.settled", text, {{"site", site_}, {"file", upload.file}});
  } else {
    log_.warning("upload.settled", text, {{"site", site_}, {"file", upload.file}});
  }
  return {};
}

Result<void> UploadWatch::leave_to_reading_back(const store::Upload& upload, const std::string& why) {
  log_.warning("upload.unknown_outcome",
               fmt::format("The outcome of an upload of site {} stays unknown: {} Its products are read back.", site_, why),
               {{"site", site_}, {"file", upload.file}});
  const auto settled = store_.proofs().settle(upload.file, {}, OtherRows::unknown, {}, clock_.now());
  if (!settled) return tl::unexpected(settled.error());
  return {};
}

}  // namespace product_sync::sync
