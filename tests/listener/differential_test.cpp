// The same bytes to the front and to a second, well-kept parser: whatever the front executes, the other reads as the
// very same request.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <mutex>
#include <optional>
#include <random>
#include <stdexcept>
#include <utility>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "catch.hpp"
#include "framing_cases.hpp"
#include "front/front.hpp"
#include "served_listener.hpp"
#include "support/child_process.hpp"
#include "support/seed.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;
using namespace product_sync::hostile;

namespace {

constexpr std::size_t kLongestSeed = 4'096;
constexpr std::uint64_t kLongestBody = 1'000'000;
constexpr int kMutations = 6'000;

struct Executed {
  std::string method;
  std::string target;
  std::string body;
  bool operator==(const Executed&) const = default;
};

std::string to_text(const std::vector<Executed>& requests) {
  std::string text;
  for (const auto& each : requests) text += fmt::format("{} {} with body [{}]\n", each.method, each.target, each.body);
  return text;
}

/// Bytes as C++ would write them.
std::string to_literal(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    if (c >= ' ' && c <= '~')
      text += c;
    else
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return text;
}

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

/// The front, with a service that takes every request and writes it down.
class FirstReader : front::Service {
 public:
  FirstReader() : front_(on_any_port(), *this, clock_, metrics_, log_) {
    if (auto started = front_.start(); !started) throw std::runtime_error(started.error().text());
  }
  ~FirstReader() override { front_.stop(); }

  /// What is executed of `bytes`, sent in slices that end at `cuts`.
  std::vector<Executed> read(std::string_view bytes, const std::vector<std::size_t>& cuts) {
    HostileClient client(front_.port());
    std::size_t begin = 0;
    for (const auto cut : cuts) {
      client.send(bytes.substr(begin, cut - begin));
      begin = cut;
    }
    client.send(bytes.substr(begin));
    client.end_sending();
    client.rest();
    const std::lock_guard lock(mutex_);
    return std::exchange(executed_, {});
  }

 private:
  static front::Options on_any_port() {
    front::Options options;
    options.endpoints.push_back({"127.0.0.1", 0});
    return options;
  }

  front::Verdict admit(front::RequestHead head, const front::Peer&) override {
    const auto serve = [this, kept = std::move(head)](std::string body, front::Reply reply) {
      {
        const std::lock_guard lock(mutex_);
        executed_.push_back({kept.method, kept.target, std::move(body)});
      }
      reply.send(front::Response{});
    };
    return {"/", front::Admitted{kLongestBody, serve}};
  }

  SystemClock clock_;
  Metrics metrics_;
  Logger log_{LogFormat::text, LogLevel::error};
  std::mutex mutex_;
  std::vector<Executed> executed_;
  front::Front front_;
};

class SecondReader {
 public:
  SecondReader() {
    const auto line = node_.wait_for_line("reads ");
    unsigned reads = 0;
    unsigned tells = 0;
    if (std::sscanf(line.c_str(), "reads %u, tells %u", &reads, &tells) != 2) throw std::runtime_error(line);
    reads_ = static_cast<std::uint16_t>(reads);
    teller_.emplace(static_cast<std::uint16_t>(tells));
  }

  std::vector<Executed> read(std::string_view bytes) {
    HostileClient client(reads_);
    client.send(bytes);
    client.end_sending();
    client.rest();
    teller_->send(fmt::format("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", client.own_port()));
    std::vector<Executed> executed;
    for (const auto& each : Json::parse(teller_->reply().value().body)) {
      executed.push_back({each["method"].get<std::string>(), from_hex(each["target"].get<std::string>()),
                          from_hex(each["body"].get<std::string>())});
    }
    return executed;
  }

 private:
  TemporaryDirectory home_{"second-reader"};
  ChildProcess node_{{NODE, SECOND_READER}, home_.path()};
  std::uint16_t reads_ = 0;
  std::optional<HostileClient> teller_;
};

/// Changes requests where parsers are known to differ.
class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {
    for (const auto& each : refused_framings()) {
      if (each.bytes.size() <= kLongestSeed) refused_.push_back(each.bytes);
    }
    for (const auto& each : accepted_framings()) {
      if (each.bytes.size() <= kLongestSeed) accepted_.push_back(each.bytes);
    }
  }

  [[nodiscard]] const std::vector<std::string>& refused() const { return refused_; }
  [[nodiscard]] const std::vector<std::string>& accepted() const { return accepted_; }

  std::string next() {
    auto bytes = any();
    // Often another request behind it, that must stay one of its own.
    if (below(3) == 0) bytes += any();
    for (auto changes = 1 + below(3); changes > 0; --changes) change(bytes);
    return bytes;
  }

  std::vector<std::size_t> cuts(std::size_t size) {
    std::vector<std::size_t> cuts;
    for (auto count = below(4); count > 0; --count) cuts.push_back(below(size + 1));
    std::sort(cuts.begin(), cuts.end());
    return cuts;
  }

 private:
  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }

  /// Mostly one that is accepted as it is: a change of a refused one seldom makes it better.
  const std::string& any() {
    const auto& from = below(3) == 0 ? refused_ : accepted_;
    return from[below(from.size())];
  }

  std::string piece() {
    using std::string_view_literals::operator""sv;
    static constexpr std::string_view kBytes = "\r\n\0 \t\v\f:,;015-+xX\"=?#%/\x7f\x80\xff"sv;
    static constexpr std::array kWords{
        "\r\n"sv,
        "\r\n\r\n"sv,
        "\n\n"sv,
        "\r\n "sv,
        "chunked"sv,
        "0x"sv,
        "%00"sv,
        " HTTP/1.1"sv,
        "Content-Length: 5\r\n"sv,
        "Content-Length: 0\r\n"sv,
        "Content-Length:\r\n"sv,
        "Transfer-Encoding: chunked\r\n"sv,
        "Transfer-Encoding: identity\r\n"sv,
        "Transfer-Encoding : chunked\r\n"sv,
        "Transfer_Encoding: chunked\r\n"sv,
        "Connection: close\r\n"sv,
        "Connection: keep-alive\r\n"sv,
        "Connection: upgrade\r\nUpgrade: h2c\r\n"sv,
        "Connection: Content-Length\r\n"sv,
        "Expect: 100-continue\r\n"sv,
        "Host: b\r\n"sv,
        "Trailer: A\r\n"sv,
        "0\r\n\r\n"sv,
        "0\r\nA: b\r\n\r\n"sv,
        "5\r\nhello\r\n"sv,
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n"sv,
        "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"sv,
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"sv,
    };
    if (below(2) == 0) return std::string(kBytes.substr(below(kBytes.size()), 1));
    return std::string(kWords[below(kWords.size())]);
  }

  /// The begin of some line.
  std::size_t line(const std::string& bytes) {
    const auto found = bytes.find('\n', below(bytes.size() + 1));
    return found == std::string::npos ? 0 : found + 1;
  }

  void change(std::string& bytes) {
    if (bytes.empty()) return;
    const auto at = below(bytes.size());
    switch (below(8)) {
      case 0:
        bytes.insert(at, piece());
        break;
      case 1:
        bytes.insert(line(bytes), piece());
        break;
      case 2:
        bytes.replace(at, 1, piece());
        break;
      case 3:
        bytes.erase(at, 1 + below(4));
        break;
      case 4: {  // a line once more, elsewhere
        const auto begin = line(bytes);
        const auto end = bytes.find('\n', begin);
        if (end != std::string::npos) bytes.insert(line(bytes), bytes.substr(begin, end + 1 - begin));
        break;
      }
      case 5: {  // a line less
        const auto begin = line(bytes);
        const auto end = bytes.find('\n', begin);
        if (end != std::string::npos) bytes.erase(begin, end + 1 - begin);
        break;
      }
      case 6:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        break;
      default: {  // a number that is a little off
        const auto digit = bytes.find_first_of("0123456789", at);
        if (digit != std::string::npos) bytes[digit] = static_cast<char>('0' + below(10));
      }
    }
  }

  std::mt19937_64 random_;
  std::vector<std::string> refused_;
  std::vector<std::string> accepted_;
};

void compare(FirstReader& first, SecondReader& second, const std::string& bytes, const std::vector<std::size_t>& cuts) {
  const auto executed = first.read(bytes, cuts);
  if (executed.empty()) return;  // refused: nothing to disagree about
  auto by_second = second.read(bytes);
  if (by_second.size() > executed.size()) by_second.resize(executed.size());  // the front may refuse what comes later
  if (executed == by_second) return;
  FAIL_CHECK("the readers disagree about\n  " << to_literal(bytes) << "\nthe front executed\n"
                                              << to_text(executed) << "the other\n"
                                              << to_text(by_second));
}

}  // namespace

TEST_CASE("no framing case is executed by the front that a second parser reads otherwise") {
  FirstReader first;
  SecondReader second;
  const Mutator mutator(1);
  for (const auto& bytes : mutator.refused()) compare(first, second, bytes, {});
  for (const auto& bytes : mutator.accepted()) {
    CHECK(first.read(bytes, {}).size() == 1);
    compare(first, second, bytes, {});
  }
}

TEST_CASE("of thousands of mutated requests, none is executed by the front that a second parser reads otherwise") {
  const auto seed = product_sync::testing::random_seed();
  CAPTURE(seed);
  FirstReader first;
  SecondReader second;
  Mutator mutator(seed);
  for (int i = 0; i < kMutations; ++i) {
    const auto bytes = mutator.next();
    compare(first, second, bytes, mutator.cuts(bytes.size()));
  }
}
