// The listener and the intake as they are, over an inbox that keeps nothing: what answering costs without the disk.
// usage: benchmark_intake_without_commit PORT

#include <fmt/format.h>

#include <atomic>
#include <csignal>
#include <cstdlib>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "server/intake.hpp"
#include "server/listener.hpp"

using namespace product_sync;

namespace {

/// Takes everything and forgets it.
class ForgetfulInbox final : public store::Inbox {
 public:
  void put(store::NewNotification, Done<store::StoredNotification> done) override {
    done(store::StoredNotification{++last_, false});
  }
  void quarantine(store::QuarantinedBody, Done<void> done) override { done({}); }
  Result<std::vector<store::QuarantinedBody>> quarantined(std::string_view, std::size_t) override { return {}; }
  Result<std::vector<store::PendingNotification>> pending(std::string_view, store::Sequence, std::size_t) override {
    return {};
  }
  Result<void> complete(std::string_view, std::string_view, std::span<const store::Sequence>) override { return {}; }
  Result<store::InboxStats> stats(std::string_view) override { return {}; }
  Result<std::uint64_t> pending_count(std::string_view) override { return 0; }
  Result<std::uint64_t> forget_completed(Instant) override { return 0; }

 private:
  std::atomic<store::Sequence> last_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return EXIT_FAILURE;
  sigset_t end;
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  sigaddset(&end, SIGINT);
  pthread_sigmask(SIG_BLOCK, &end, nullptr);

  SystemClock clock;
  Metrics metrics;
  Logger log(LogFormat::text, LogLevel::warning);
  ForgetfulInbox inbox;
  std::vector<server::IntakeSite> sites(1);
  sites[0].id = "eu";
  sites[0].tenant = "MyTenant";
  sites[0].header = "X-Product-Sync-Secret";
  sites[0].secrets.emplace_back("listener-secret");
  sites[0].longest_body = 1'000'000;
  server::Intake intake(std::move(sites), inbox, clock, log, [](const std::string&) {});
  server::ListenerOptions options;
  options.front.endpoints.push_back({"127.0.0.1", static_cast<std::uint16_t>(std::atoi(arguments[1]))});
  server::Listener listener(std::move(options), intake.routes(), clock, metrics, log);
  if (auto started = listener.start(); !started) {
    fmt::print(stderr, "{}\n", started.error().text());
    return EXIT_FAILURE;
  }
  int signal = 0;
  sigwait(&end, &signal);
  listener.stop();
}
