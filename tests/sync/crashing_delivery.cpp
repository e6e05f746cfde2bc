// A process that delivers a site's outbox and kills itself on the way.
// usage: crashing_delivery <state directory> rename|direct <point> directory <path>
//                                                                  ftp <port> <user> <password> <path>
// Points: put.begin, put.half, put.end, rename.begin, rename.end, verified (the last look before the ledger is told).

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "store/store.hpp"
#include "sync/delivery.hpp"
#include "transfer/directory_destination.hpp"
#include "transfer/ftp_destination.hpp"

using namespace product_sync;

namespace {

/// A real destination that is not survived.
class DeadlyDestination final : public transfer::Destination {
 public:
  DeadlyDestination(std::unique_ptr<transfer::Destination> real, std::string point)
      : real_(std::move(real)), point_(std::move(point)) {}

  [[nodiscard]] transfer::Capabilities capabilities() const override { return real_->capabilities(); }
  [[nodiscard]] std::string describe() const override { return real_->describe(); }

  Result<void> put(const std::filesystem::path& local, std::string_view name, const transfer::Progress&,
                   std::stop_token stop) override {
    die_at("put.begin");
    const auto half = [&](std::uint64_t sent, std::uint64_t total) {
      if (sent >= total / 2) die_at("put.half");
    };
    auto done = real_->put(local, name, half, std::move(stop));
    die_at("put.end");
    put_ = true;
    return done;
  }
  Result<std::uint64_t> get(std::string_view name, const std::filesystem::path& local, std::uint64_t longest,
                            std::stop_token stop) override {
    return real_->get(name, local, longest, std::move(stop));
  }
  Result<void> rename(std::string_view from, std::string_view to, std::stop_token stop) override {
    die_at("rename.begin");
    auto done = real_->rename(from, to, std::move(stop));
    die_at("rename.end");
    return done;
  }
  Result<std::optional<std::uint64_t>> size(std::string_view name, std::stop_token stop) override {
    auto size = real_->size(name, std::move(stop));
    if (put_ && !name.ends_with(".part")) die_at("verified");
    return size;
  }
  Result<void> remove(std::string_view name, std::stop_token stop) override {
    return real_->remove(name, std::move(stop));
  }
  Result<std::vector<transfer::RemoteFile>> list(std::stop_token stop) override { return real_->list(std::move(stop)); }
  Result<void> check(std::stop_token stop) override { return real_->check(std::move(stop)); }

 private:
  void die_at(std::string_view point) const {
    if (point == point_) ::raise(SIGKILL);
  }

  std::unique_ptr<transfer::Destination> real_;
  std::string point_;
  bool put_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) return 1;
  const std::string kind = argv[4];
  SystemClock clock;
  Logger log(LogFormat::text, LogLevel::error);
  auto real = kind == "directory" ? transfer::make_directory({argv[5]})
                                  : transfer::make_ftp({.host = "127.0.0.1",
                                                        .port = static_cast<std::uint16_t>(std::atoi(argv[5])),
                                                        .user = argv[6],
                                                        .password = Secret(argv[7]),
                                                        .security = transfer::FtpSecurity::plain,
                                                        .directory = argv[8]},
                                                       clock, log);
  DeadlyDestination destination(std::move(real), argv[3]);
  auto store = store::open_sqlite({.directory = argv[1], .disk_floor = 0}, clock, log);
  if (!store) return 2;
  sync::Delivery delivery("eu", destination,
                          {.upload_then_rename = std::string(argv[2]) == "rename", .replace_remainder = true}, std::nullopt, **store,
                          clock, log);
  const auto drained = delivery.drain(std::nullopt, {});
  if (!drained) std::fprintf(stderr, "%s\n", drained.error().text().c_str());
  return 3;
}
