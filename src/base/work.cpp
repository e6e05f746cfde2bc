#include "base/work.hpp"

#include <utility>

#include "base/digest.hpp"

namespace product_sync {
namespace {

constexpr std::size_t kTraceBytes = 16;

thread_local const Work* current_work = nullptr;

}  // namespace

Work::Work() : trace_id_(random_hex(kTraceBytes)), outer_(current_work) { current_work = this; }

Work::Work(std::string run_id)
    : run_id_(std::move(run_id)), trace_id_(to_hex(sha256(run_id_)).substr(0, 2 * kTraceBytes)), outer_(current_work) {
  current_work = this;
}

Work::~Work() { current_work = outer_; }

const Work* Work::current() { return current_work; }

}  // namespace product_sync
