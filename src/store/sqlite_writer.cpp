#include "store/sqlite_writer.hpp"

#include <iterator>
#include <utility>

namespace product_sync::store {
namespace {

// Bounds how long the first of a group waits for the last.
constexpr std::size_t kLargestGroup = 1'000;

constexpr const char* kBegin = "BEGIN IMMEDIATE";
constexpr const char* kCommit = "COMMIT";
constexpr const char* kRollback = "ROLLBACK";
constexpr const char* kSavepoint = "SAVEPOINT job";
constexpr const char* kRelease = "RELEASE job";
constexpr const char* kUndo = "ROLLBACK TO job";

}  // namespace

SqliteWriter::SqliteWriter(std::unique_ptr<Connection> connection, Checkpointer& checkpointer, QueueLimits limits)
    : connection_(std::move(connection)),
      checkpointer_(checkpointer),
      limits_(limits),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

SqliteWriter::~SqliteWriter() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  thread_.request_stop();
  thread_.join();
}

Result<void> SqliteWriter::submit(Job job, Done done, Admission admission, std::uint64_t bytes, Writes writes) {
  bool wakes = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return fail("store.closed", "the store is being closed", "", Retry::later);
    const bool full = waiting_ >= limits_.jobs || bytes > limits_.bytes || waiting_bytes_ > limits_.bytes - bytes;
    if (admission == Admission::bounded && full) {
      return fail("store.queue_full", "too many writes wait for the disk", "", Retry::later);
    }
    wakes = queue_.empty() && !held_;
    queue_.push_back({std::move(job), bytes, writes, {}, std::move(done)});
    ++waiting_;
    waiting_bytes_ += bytes;
  }
  if (wakes) changed_.notify_one();
  return {};
}

void SqliteWriter::hold() {
  const std::lock_guard lock(mutex_);
  held_ = true;
}

void SqliteWriter::release() {
  bool wakes = false;
  {
    const std::lock_guard lock(mutex_);
    held_ = false;
    wakes = !queue_.empty();
  }
  if (wakes) changed_.notify_one();
}

Result<void> SqliteWriter::write(Job job, Admission admission, std::uint64_t bytes) {
  std::promise<Result<void>> outcome;
  auto done = [&outcome](Result<void> result) { outcome.set_value(std::move(result)); };
  if (auto taken = submit(std::move(job), done, admission, bytes); !taken) return taken;
  return outcome.get_future().get();
}

std::size_t SqliteWriter::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

void SqliteWriter::run(const std::stop_token& stop) {
  for (auto group = take(stop); !group.empty(); group = take(stop)) {
    const auto committed = commit(group);
    {
      const std::lock_guard lock(mutex_);
      waiting_ -= group.size();
      for (const auto& waiting : group) waiting_bytes_ -= waiting.bytes;
    }
    for (auto& waiting : group) waiting.done(committed ? std::move(waiting.outcome) : committed);
    group.clear();  // what the jobs held is not kept until the next ones come
    checkpointer_.after_commit(*connection_);
  }
}

/// All that wait, up to a bound; empty when the writer is to end and nothing is left.
SqliteWriter::Group SqliteWriter::take(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, stop, [&] { return !queue_.empty() && !held_; });
  if (queue_.size() <= kLargestGroup) return std::exchange(queue_, {});
  const auto end = queue_.begin() + kLargestGroup;
  Group group(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
  queue_.erase(queue_.begin(), end);
  return group;
}

Result<void> SqliteWriter::commit(Group& group) {
  if (auto begun = connection_->run(kBegin); !begun) return begun;
  for (auto& waiting : group) {
    waiting.outcome = run_job(waiting);
    // Some faults (disk full, I/O) end the whole transaction: what the others did is gone with it.
    if (!connection_->in_transaction()) return waiting.outcome;
  }
  auto committed = connection_->run(kCommit);
  if (!committed) {
    if (connection_->in_transaction()) (void)connection_->run(kRollback);
    return committed;
  }
  ++commits_;
  return {};
}

Result<void> SqliteWriter::run_job(const Waiting& waiting) {
  auto outcome =
      waiting.writes == Writes::one_statement ? waiting.job(*connection_) : run_in_savepoint(waiting.job);
  if (outcome && !connection_->in_transaction()) return fail("store.sql", "a write ended its transaction by itself");
  return outcome;
}

Result<void> SqliteWriter::run_in_savepoint(const Job& job) {
  if (auto marked = connection_->run(kSavepoint); !marked) return marked;
  auto outcome = job(*connection_);
  if (!connection_->in_transaction()) return outcome;
  if (!outcome) (void)connection_->run(kUndo);
  if (auto released = connection_->run(kRelease); !released) return released;
  return outcome;
}

}  // namespace product_sync::store
