// The least that takes notifications durably: an epoll loop that understands nothing but a plain POST with a
// Content-Length, and a thread that commits whatever waits (SQLite, WAL, synchronous FULL) before it is answered. No
// checks, no limits: how fast this machine can be, to measure Product Sync's intake beside.
// usage: benchmark_minimal_server PORT DATABASE [--no-commit]

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sqlite3.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

constexpr std::string_view kSecret = "\r\nX-Product-Sync-Secret: listener-secret\r\n";
constexpr std::string_view kLength = "\r\nContent-Length: ";
constexpr std::string_view kId = "\"Id\":\"";

void check(bool holds, const char* what) {
  if (holds) return;
  std::cerr << what << '\n';
  std::exit(1);
}

struct Notification {
  int connection;
  std::string id;
  std::string body;
  std::int64_t sequence = 0;
};

/// Commits notifications in groups, on a thread of its own.
class Store {
 public:
  Store(const char* file, int wake) : wake_(wake) {
    check(::sqlite3_open(file, &database_) == SQLITE_OK, "cannot open the database");
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "CREATE TABLE notification (sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, body BLOB NOT "
        "NULL) STRICT;");
    check(::sqlite3_prepare_v2(database_, "INSERT OR IGNORE INTO notification (id, body) VALUES (?, ?)", -1, &insert_,
                               nullptr) == SQLITE_OK,
          "cannot prepare");
    std::thread([this] { work(); }).detach();  // ends with the process
  }

  void put(std::vector<Notification>& notifications) {
    if (notifications.empty()) return;
    {
      const std::lock_guard lock(mutex_);
      for (auto& each : notifications) waiting_.push_back(std::move(each));
    }
    notifications.clear();
    changed_.notify_one();
  }

  std::vector<Notification> take_committed() {
    const std::lock_guard lock(mutex_);
    return std::exchange(committed_, {});
  }

 private:
  void run(const char* sql) { check(::sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql); }

  [[noreturn]] void work() {
    while (true) {
      std::vector<Notification> batch;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !waiting_.empty(); });
        batch.swap(waiting_);
      }
      run("BEGIN IMMEDIATE");
      for (auto& each : batch) {
        ::sqlite3_bind_text(insert_, 1, each.id.data(), static_cast<int>(each.id.size()), SQLITE_STATIC);
        ::sqlite3_bind_blob(insert_, 2, each.body.data(), static_cast<int>(each.body.size()), SQLITE_STATIC);
        check(::sqlite3_step(insert_) == SQLITE_DONE, "cannot insert");
        ::sqlite3_reset(insert_);
        each.sequence = ::sqlite3_last_insert_rowid(database_);
      }
      run("COMMIT");
      {
        const std::lock_guard lock(mutex_);
        for (auto& each : batch) committed_.push_back(std::move(each));
      }
      const std::uint64_t one = 1;
      check(::write(wake_, &one, sizeof one) == sizeof one, "cannot wake");
    }
  }

  int wake_;
  sqlite3* database_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Notification> waiting_;
  std::vector<Notification> committed_;
};

/// Takes one whole request off the front of `bytes`; false when there is none.
bool take_request(std::string& bytes, Notification& notification) {
  const auto head_end = bytes.find("\r\n\r\n");
  if (head_end == std::string::npos) return false;
  const std::string_view head(bytes.data(), head_end + 2);
  check(head.find(kSecret) != std::string_view::npos, "a request without the secret");
  const auto length = head.find(kLength);
  check(length != std::string_view::npos, "a request without a length");
  const auto size = std::strtoul(bytes.c_str() + length + kLength.size(), nullptr, 10);
  if (bytes.size() < head_end + 4 + size) return false;
  notification.body = bytes.substr(head_end + 4, size);
  const auto id = notification.body.find(kId) + kId.size();
  notification.id = notification.body.substr(id, notification.body.find('"', id) - id);
  bytes.erase(0, head_end + 4 + size);
  return true;
}

void answer(const Notification& notification) {
  const auto body = "{\"id\":\"" + notification.id + "\",\"sequence\":" + std::to_string(notification.sequence) + "}\n";
  const auto reply =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
      "\r\n\r\n" + body;
  (void)!::send(notification.connection, reply.data(), reply.size(), MSG_NOSIGNAL);
}

int listen_on(std::uint16_t port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int yes = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  check(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 && ::listen(listener, 1024) == 0,
        "cannot listen");
  return listener;
}

}  // namespace

int main(int count, char** arguments) {
  check(count >= 3, "usage: benchmark_minimal_server PORT DATABASE [--no-commit]");
  const bool commits = count < 4 || std::strcmp(arguments[3], "--no-commit") != 0;
  const int listener = listen_on(static_cast<std::uint16_t>(std::atoi(arguments[1])));
  const int wake = ::eventfd(0, EFD_NONBLOCK);
  const int loop = ::epoll_create1(0);
  const auto watch = [loop](int descriptor) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = descriptor}};
    ::epoll_ctl(loop, EPOLL_CTL_ADD, descriptor, &event);
  };
  watch(listener);
  watch(wake);
  Store store(commits ? arguments[2] : ":memory:", wake);

  std::unordered_map<int, std::string> received;
  std::vector<Notification> taken;
  std::array<char, 65'536> buffer;
  std::array<epoll_event, 512> events;
  while (true) {
    const int ready = ::epoll_wait(loop, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
      if (descriptor == listener) {
        for (int client = 0; (client = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
          const int yes = 1;
          ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
          watch(client);
        }
      } else if (descriptor == wake) {
        std::uint64_t ignored = 0;
        (void)!::read(wake, &ignored, sizeof ignored);
        for (const auto& each : store.take_committed()) answer(each);
      } else {
        const auto size = ::recv(descriptor, buffer.data(), buffer.size(), 0);
        if (size <= 0) {
          received.erase(descriptor);
          ::close(descriptor);
          continue;
        }
        auto& bytes = received[descriptor];
        bytes.append(buffer.data(), static_cast<std::size_t>(size));
        for (Notification notification{.connection = descriptor, .id = {}, .body = {}};
             take_request(bytes, notification);) {
          if (commits)
            taken.push_back(notification);
          else
            answer(notification);
        }
      }
    }
    store.put(taken);
  }
}
