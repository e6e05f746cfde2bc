#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "alert/channel.hpp"
#include "alert/rules.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/store.hpp"

namespace product_sync::alert {

/// Looks at everything now and then, and tells people what is new, what is over, and what is still there after a while:
/// in the log, and on each channel. What could not be told is told with the next round. round() is for one Loop.
class Watch {
 public:
  struct Options {
    Limits limits;
    std::chrono::hours repeat{24};                  ///< of what is still there; zero: never
    std::chrono::seconds interval{30};              ///< between two rounds
    std::chrono::hours remember{24 * 90};           ///< of what is over
    std::filesystem::path directory;                ///< of the data
  };

  Watch(Options options, std::vector<WatchedSite> sites, std::vector<std::unique_ptr<Channel>> channels,
        store::Store& store, Clock& clock, Logger& log)
      : options_(std::move(options)),
        sites_(std::move(sites)),
        channels_(std::move(channels)),
        store_(store),
        clock_(clock),
        log_(log) {}

  /// Returns when the next round is due.
  Result<Monotonic> round(std::stop_token stop);

  /// Tells every channel of a test; the first error, when there is one.
  Result<void> test(std::stop_token stop);

 private:
  Result<void> compare(const std::string& site, const std::vector<Finding>& found);
  Result<void> tell_open(const store::Alert& alert, std::stop_token stop);
  Result<void> tell_all(const Notice& notice, std::stop_token stop);

  const Options options_;
  const std::vector<WatchedSite> sites_;
  const std::vector<std::unique_ptr<Channel>> channels_;
  store::Store& store_;
  Clock& clock_;
  Logger& log_;
};

}  // namespace product_sync::alert
