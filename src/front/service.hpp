#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/time.hpp"
#include "front/message.hpp"

/// What the front wants of those who serve requests.
namespace product_sync::front {

/// Names one request of one connection, for as long as it waits for its answer.
struct RequestId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
};

/// A whole HTTP response that somebody else wrote.
struct WrittenResponse {
  int status = 200;
  std::string code;  ///< see Response
  std::string bytes;
};

/// The body of a response that goes on until the client leaves or the front stops.
class Stream {
 public:
  virtual ~Stream() = default;
  /// Appends what is to be sent next, and nothing when there is nothing yet. Asked on the front's thread, about ten
  /// times a second and when streams were said to have more, but only once the client has taken all that came before:
  /// whoever reads slowly is asked less often, and holds no more than one answer to this. Must not block.
  virtual void next(Monotonic now, std::string& to) = 0;
};
/// A response whose body comes piece by piece. The connection ends behind it.
struct StreamedResponse {
  int status = 200;
  std::string code;  ///< see Response
  std::string content_type;
  std::unique_ptr<Stream> stream;
};

/// An answer on its way to the connection.
using Answer = std::variant<Response, WrittenResponse, StreamedResponse>;

/// Takes answers, from any thread.
class ReplyChannel {
 public:
  virtual ~ReplyChannel() = default;
  virtual void deliver(RequestId request, Answer answer) = 0;
};

/// The one answer to one request. May be given from any thread, at once or later, and after the connection is gone. One
/// that ends without an answer answers 500.
class Reply {
 public:
  Reply(std::shared_ptr<ReplyChannel> channel, RequestId request, bool keep_alive)
      : channel_(std::move(channel)), request_(request), keep_alive_(keep_alive) {}
  ~Reply();
  Reply(Reply&&) noexcept = default;
  Reply& operator=(Reply&&) = delete;

  /// Whether the connection goes on behind the answer: for writers of whole responses, who must say so in them.
  [[nodiscard]] bool keep_alive() const { return keep_alive_; }
  void send(Answer answer);

 private:
  std::shared_ptr<ReplyChannel> channel_;  // null: answered
  RequestId request_;
  bool keep_alive_;
};

/// A request may come in.
struct Admitted {
  std::uint64_t longest_body = 0;
  /// Called once, on the front's thread, when the body is there. Must not block.
  std::function<void(std::string body, Reply reply)> serve;
};

/// What is to become of a request.
struct Verdict {
  std::string_view route;                     ///< names it in metrics; a text that stays
  std::variant<Admitted, Response> decision;  ///< a response refuses the request
};

/// Serves requests. Called on the front's thread; must not block.
class Service {
 public:
  virtual ~Service() = default;
  /// Decides when the head is there and the body is not.
  virtual Verdict admit(RequestHead head, const Peer& peer) = 0;
  /// Around all requests that came in one look at the sockets: what they have in common can be done once.
  virtual void burst_begins() {}
  virtual void burst_ends() {}
};

}  // namespace product_sync::front
