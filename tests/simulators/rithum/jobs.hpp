#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace rithum_simulator {

/// The 18 statuses that uploads and exports share (rithum.md §5.4).
[[nodiscard]] std::span<const std::string_view> job_statuses();

/// How a job is to behave, for tests. Applies to jobs that are started afterwards.
struct JobScript {
  std::vector<std::string> steps;  ///< what the first looks see, one each
  std::string final_status;        ///< instead of the true one; empty = the true one
  bool hold = false;               ///< jobs wait in the queue as long as this is set
};

struct JobState {
  std::string token;
  std::string status;
  std::int64_t started_at = 0;
  bool has_response_file = false;
};

struct ResponseFile {
  std::string content;
  std::string content_type;
};

/// Uploads and exports: each gets a token, waits in one queue and is worked off by one thread in the order received
/// (rithum.md §1.6, §5.3, §5.4). Thread-safe.
class Jobs {
 public:
  /// What the work came to.
  struct Result {
    std::string status;
    std::optional<ResponseFile> file;
  };
  using Work = std::function<Result(const std::stop_token&)>;

  Jobs();

  JobState start(Work work);
  /// Counts as a look; none for an unknown token.
  [[nodiscard]] std::optional<JobState> look(const std::string& token);
  [[nodiscard]] std::optional<ResponseFile> response_file(const std::string& token) const;
  void set_script(JobScript script);
  [[nodiscard]] JobScript script() const;
  void clear();
  /// Ends the work at hand and takes up no other; to be called before what the work uses goes.
  void stop();

 private:
  struct Job {
    std::string status;  ///< the true one
    std::int64_t started_at = 0;
    std::deque<std::string> steps;
    std::string final_status;
    bool ended = false;
    std::optional<ResponseFile> file;
  };

  [[nodiscard]] JobState state_of(const std::string& token, Job& job) const;
  void run(const std::stop_token& stop);

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable_any changed_;
  std::map<std::string, Job> jobs_;
  std::deque<std::pair<std::string, Work>> waiting_;
  JobScript script_;
  std::uint64_t started_ = 0;
  std::jthread thread_;  // last: ends before the rest goes
};

}  // namespace rithum_simulator
