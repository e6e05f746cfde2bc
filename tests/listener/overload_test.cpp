// When the disk does not take what comes in: everybody is told so, nobody is lied to, and the rest of the listener
// lives.

#include <sqlite3.h>

#include <list>
#include <stdexcept>

#include "catch.hpp"
#include "served_listener.hpp"

using namespace product_sync::hostile;

namespace {

/// Holds the write lock of the inbox, so that no commit of the process succeeds in this scope.
class StalledInbox {
 public:
  explicit StalledInbox(const ServedListener& listener) {
    const auto file = (listener.home() / "state" / "inbox.db").string();
    if (::sqlite3_open(file.c_str(), &database_) != SQLITE_OK || !run("PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE"))
      throw std::runtime_error("cannot lock " + file);
  }
  ~StalledInbox() {
    run("ROLLBACK");
    ::sqlite3_close(database_);
  }
  StalledInbox(const StalledInbox&) = delete;
  StalledInbox& operator=(const StalledInbox&) = delete;

 private:
  bool run(const char* sql) { return ::sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK; }

  sqlite3* database_ = nullptr;
};

}  // namespace

TEST_CASE("while the disk stalls, notifications wait or are answered 503, and everything else goes on") {
  const ServedListener listener;
  std::list<HostileClient> senders;
  std::set<std::string> acknowledged;
  {
    const StalledInbox stalled(listener);
    for (unsigned i = 0; i < 1'000; ++i) {
      auto& sender = senders.emplace_back(listener.port(), HostileClient::Options{.from = loopback_address(i)});
      sender.send(notification_request());
    }
    for (int i = 0; i < 20; ++i) {
      CHECK(listener.connect().ask(kHealthRequest) == 200);
      CHECK(listener.overview()["sites"].size() == 1);
    }
  }
  for (auto& sender : senders) {
    const auto reply = sender.reply();
    REQUIRE(reply);
    if (reply->status == 200) {
      acknowledged.insert(Json::parse(reply->body)["id"].get<std::string>());
      continue;
    }
    CHECK(reply->status == 503);
    CHECK(reply->headers.contains("retry-after"));
  }
  CHECK(listener.ids_in_the_inbox(acknowledged) == acknowledged.size());
  CHECK(listener.answers_a_new_notification());
  CHECK(listener.peak_memory_mib() < kMostMemoryMib);
}

TEST_CASE("what was acknowledged is in the inbox after a kill") {
  ServedListener listener;
  std::list<HostileClient> senders;
  for (unsigned i = 0; i < 64; ++i) senders.push_back(listener.connect(i));
  std::set<std::string> acknowledged;
  for (int round = 0; round < 20; ++round) {
    for (auto& sender : senders) sender.send(notification_request());
    if (round == 19) listener.process().kill();
    for (auto& sender : senders) {
      const auto reply = sender.reply();
      if (reply && reply->status == 200) acknowledged.insert(Json::parse(reply->body)["id"].get<std::string>());
    }
  }
  (void)listener.process().wait();
  CHECK(acknowledged.size() >= 19 * senders.size());
  CHECK(listener.ids_in_the_inbox(acknowledged) == acknowledged.size());
}
