#pragma once

#include <string>

namespace product_sync {

/// What the current thread is busy with: a run, or one round of a background loop. Log lines and recorded exchanges take
/// their run and their trace from it, so that these need not be handed through every call. Lives on the stack of its
/// thread; one within another takes its place until it ends.
class Work {
 public:
  /// Work of no run, with a trace of its own.
  Work();
  /// A run: whoever works on it, in whichever process, has the same trace.
  explicit Work(std::string run_id);
  ~Work();
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  /// Of this thread; null outside of any.
  [[nodiscard]] static const Work* current();

  [[nodiscard]] const std::string& run_id() const { return run_id_; }
  /// 32 hexadecimal digits: a trace-id of W3C Trace Context, as OpenTelemetry uses it.
  [[nodiscard]] const std::string& trace_id() const { return trace_id_; }

 private:
  std::string run_id_;
  std::string trace_id_;
  const Work* outer_;
};

}  // namespace product_sync
