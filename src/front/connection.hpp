#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "base/log_sampler.hpp"
#include "base/time.hpp"
#include "front/body_memory.hpp"
#include "front/connection_limits.hpp"
#include "front/front_metrics.hpp"
#include "front/options.hpp"
#include "front/proxy_header.hpp"
#include "front/request_reader.hpp"
#include "front/service.hpp"
#include "front/socket.hpp"
#include "front/tls.hpp"

namespace product_sync::front {

/// What the connections of a front share.
struct Surroundings {
  const Options& options;
  Service& service;
  std::shared_ptr<ReplyChannel> replies;
  FrontMetrics& metrics;
  Logger& log;
  LogSampler sampler{};
  Monotonic now{};
  std::string date = {};         ///< for the Date field
  BodyMemory bodies{options.body_memory};
  bool draining = false;         ///< no further requests: connections close behind their answer
  std::string scratch = std::string(std::size_t{64} * 1024, '\0');  ///< for reading
  std::string plain = {};                                           ///< for reading what was encrypted
};

/// A connection that came in.
struct Arrival {
  Descriptor socket;
  Peer peer;
  bool has_proxy_header = false;
  TlsContext tls;  ///< null: not encrypted
};

/// One connection: reads requests one after the other, has each served, writes the answers in order.
///
///     receiving ──▶ answering ─┬─▶ sending ─┬─▶ receiving
///         └─ refused ──────────┼────▶   ▲   └─▶ lingering ──▶ closed
///                              └─▶ streaming ──▶ closed
class Connection {
 public:
  /// `first` names its first request; each further one has the next generation.
  Connection(Arrival arrival, RequestId first, Surroundings& around);

  void on_readable();
  void on_writable();
  void on_answer(Answer answer);
  /// When deadline() has passed.
  void on_deadline();
  /// When both directions have ended.
  void on_hangup() { close(); }
  /// When its stream may have more.
  void on_news();
  /// When the front begins to drain.
  void on_drain();

  [[nodiscard]] bool is_closed() const { return step_ == Step::closed; }
  [[nodiscard]] bool is_streaming() const { return step_ == Step::streaming; }
  [[nodiscard]] bool wants_to_read() const;
  [[nodiscard]] bool wants_to_write() const { return sent_ < output_.size(); }
  [[nodiscard]] Monotonic deadline() const { return deadline_; }
  [[nodiscard]] ConnectionLimits::Phase phase() const;
  [[nodiscard]] const Descriptor& socket() const { return socket_; }
  /// The other end, or the client for whom a PROXY header spoke.
  [[nodiscard]] const IpAddress& address() const { return peer_.address; }
  /// Of the request that waits for its answer, or of the next one.
  [[nodiscard]] RequestId request() const { return request_; }

  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

 private:
  static constexpr std::string_view kNoRoute = "none";
  enum class Step { receiving, answering, sending, streaming, lingering, closed };

  void receive(std::string_view bytes);
  void decrypt(std::string_view bytes);
  void take(std::string_view bytes);
  void admit();
  void serve();
  void refuse(const Response& response);
  void refuse(const Refusal& refusal);
  void drop(const Refusal& refusal);
  void log(const Refusal& refusal);
  void count(int status, std::string_view code);
  void end_of_input();
  void next_request();
  void begin(StreamedResponse response);
  void feed();
  void end_stream();
  void send(std::string_view bytes);
  void flush();
  void sent_all();
  void say_goodbye();
  void close();
  void account_body();
  void release_body();
  void set_deadline();

  Descriptor socket_;
  Peer peer_;
  std::optional<ProxyHeader> proxy_header_;  // while it has not been read
  std::optional<TlsSession> tls_;
  RequestId request_;
  Surroundings& around_;

  Step step_ = Step::receiving;
  RequestReader reader_;
  std::function<void(std::string body, Reply reply)> serve_;
  std::string_view route_ = kNoRoute;  // of the current request
  std::unique_ptr<Stream> stream_;     // while streaming
  bool keep_alive_ = true;             // behind the current answer
  bool is_head_ = false;               // the current request's method is HEAD
  int minor_version_ = 1;              // of the current request
  bool input_ended_ = false;
  bool lingers_ = false;  // the client may still be sending what nobody will read
  std::string pending_;   // came behind the current request
  std::string output_;
  std::size_t sent_ = 0;
  std::uint64_t accounted_ = 0;  // of around_.bodies

  bool served_before_ = false;
  Monotonic since_;     // of the current wait: for a request, its head, its body, for the client to take the answer
  Monotonic progress_;  // last time that the client took something of its answer
  Monotonic deadline_;
};

}  // namespace product_sync::front
