#include "front/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <variant>

#include "front/forwarded_for.hpp"
#include "front/refusals.hpp"

namespace product_sync::front {
namespace {

// Reads in a row, before other connections have their turn.
constexpr int kMostReads = 4;
// Pieces of a stream in a row, likewise.
constexpr int kMostPieces = 4;
// What may wait behind the request that is being answered.
constexpr std::size_t kMostPending = std::size_t{64} * 1024;
// What a client may leave untaken while it goes on sending (TLS answers that no request asked for).
constexpr std::size_t kMostUntaken = std::size_t{256} * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kBodyMemoryRetrySeconds = "5";

}  // namespace

Connection::Connection(Arrival arrival, RequestId first, Surroundings& around)
    : socket_(std::move(arrival.socket)),
      peer_(arrival.peer),
      request_(first),
      around_(around),
      reader_(around.options.head),
      since_(around.now) {
  if (arrival.has_proxy_header) proxy_header_.emplace();
  if (arrival.tls) tls_.emplace(arrival.tls);
  set_deadline();
}

Connection::~Connection() { release_body(); }

bool Connection::wants_to_read() const {
  if (input_ended_ || step_ == Step::closed) return false;
  return step_ == Step::receiving || step_ == Step::streaming || step_ == Step::lingering ||
         pending_.size() < kMostPending;
}

ConnectionLimits::Phase Connection::phase() const {
  using Phase = ConnectionLimits::Phase;
  if (step_ == Step::receiving && !reader_.has_begun()) return Phase::idle;
  if (step_ == Step::receiving || step_ == Step::lingering) return Phase::receiving;
  return Phase::busy;
}

void Connection::on_readable() {
  for (int reads = 0; reads < kMostReads && wants_to_read(); ++reads) {
    auto& scratch = around_.scratch;
    const auto count = ::recv(socket_.number(), scratch.data(), scratch.size(), 0);
    if (count < 0) {
      if (errno != EAGAIN && errno != EINTR) close();
      break;
    }
    if (count == 0) {
      end_of_input();
      break;
    }
    receive(std::string_view(scratch).substr(0, static_cast<std::size_t>(count)));
    if (static_cast<std::size_t>(count) < scratch.size()) break;
  }
  set_deadline();
}

void Connection::on_writable() {
  flush();
  if (step_ == Step::streaming) feed();
  set_deadline();
}

void Connection::receive(std::string_view bytes) {
  if (proxy_header_) {
    bytes.remove_prefix(proxy_header_->read(bytes));
    if (proxy_header_->state() == ProxyHeader::State::reading) return;
    if (proxy_header_->state() == ProxyHeader::State::malformed) return drop(refusals::kProxyHeader);
    peer_.address = proxy_header_->client().value_or(peer_.address);
    proxy_header_.reset();
  }
  if (bytes.empty()) return;
  tls_ ? decrypt(bytes) : take(bytes);
}

void Connection::decrypt(std::string_view bytes) {
  auto plain = std::exchange(around_.plain, {});
  plain.clear();
  const auto state = tls_->receive(bytes, plain);
  tls_->take_output(output_);
  flush();
  if (step_ != Step::closed) take(plain);
  around_.plain = std::move(plain);
  if (step_ == Step::closed) return;
  if (state == TlsSession::State::ended) return end_of_input();
  if (state == TlsSession::State::failed) return drop(refusals::kTls);
  if (output_.size() - sent_ > kMostUntaken) close();
}

void Connection::take(std::string_view bytes) {
  while (step_ == Step::receiving) {
    const bool had_begun = reader_.has_begun();
    bytes.remove_prefix(reader_.read(bytes));
    if (!had_begun && reader_.has_begun()) since_ = around_.now;
    switch (reader_.state()) {
      case RequestReader::State::head:
        return;
      case RequestReader::State::body:
        account_body();
        if (bytes.empty()) return;
        break;
      case RequestReader::State::admission:
        admit();
        break;
      case RequestReader::State::complete:
        serve();
        break;
      case RequestReader::State::refused:
        refuse(reader_.refusal());
        break;
    }
  }
  if (step_ == Step::answering || step_ == Step::sending) pending_ += bytes;
}

void Connection::admit() {
  auto head = std::move(reader_.head());
  // A body may follow that nobody announced: it must not be taken for a request.
  const bool may_have_body = head.has_body() || !(head.is_framed() || head.method == "GET" || head.method == "HEAD");
  const bool expects_continue = head.expects_continue;
  is_head_ = head.method == "HEAD";
  minor_version_ = head.minor_version;
  keep_alive_ = head.keep_alive && !around_.draining;
  since_ = around_.now;
  auto peer = peer_;
  peer.address = client_behind(peer_.address, head.fields, around_.options.trusted_proxies);
  auto verdict = around_.service.admit(std::move(head), peer);
  route_ = verdict.route;
  if (auto* refused = std::get_if<Response>(&verdict.decision)) {
    if (may_have_body) return refuse(*refused);
    step_ = Step::answering;
    return on_answer(std::move(*refused));
  }
  auto& admitted = std::get<Admitted>(verdict.decision);
  serve_ = std::move(admitted.serve);
  reader_.admit(admitted.longest_body);
  if (expects_continue && reader_.state() == RequestReader::State::body) send(kContinue);
}

void Connection::serve() {
  account_body();
  if (step_ != Step::receiving) return;
  step_ = Step::answering;
  std::exchange(serve_, nullptr)(reader_.take_body(), Reply(around_.replies, request_, keep_alive_));
}

void Connection::on_answer(Answer answer) {
  if (step_ != Step::answering) return;
  release_body();
  std::visit([this](const auto& given) { count(given.status, given.code); }, answer);
  step_ = Step::sending;
  since_ = progress_ = around_.now;
  if (const auto* response = std::get_if<Response>(&answer)) {
    keep_alive_ = keep_alive_ && !around_.draining;
    send(serialize(*response, around_.date, keep_alive_, minor_version_, is_head_));
  } else if (auto* streamed = std::get_if<StreamedResponse>(&answer)) {
    begin(std::move(*streamed));
  } else {
    send(std::get<WrittenResponse>(answer).bytes);
  }
  set_deadline();
}

void Connection::begin(StreamedResponse response) {
  keep_alive_ = false;
  const bool has_body = !is_head_ && !input_ended_ && !around_.draining;
  if (has_body) {
    step_ = Step::streaming;
    stream_ = std::move(response.stream);
    pending_ = {};  // nothing comes behind a stream
  }
  send(serialize_stream_head(response.status, response.content_type, around_.date, minor_version_));
  if (has_body && step_ == Step::streaming) feed();
}

/// What there is next, once the client has taken everything.
void Connection::feed() {
  for (int pieces = 0; pieces < kMostPieces && step_ == Step::streaming && !wants_to_write(); ++pieces) {
    std::string piece;
    stream_->next(around_.now, piece);
    if (piece.empty()) return;
    since_ = progress_ = around_.now;
    send(minor_version_ == 0 ? piece : chunk_of(piece));
  }
}

void Connection::on_news() {
  if (step_ != Step::streaming) return;
  feed();
  set_deadline();
}

/// In a way that the client can tell from a cut.
void Connection::end_stream() {
  stream_.reset();
  step_ = Step::sending;
  since_ = progress_ = around_.now;
  send(minor_version_ == 0 ? std::string_view() : kLastChunk);
}

void Connection::count(int status, std::string_view code) {
  around_.metrics.answered(route_, status, around_.now - since_);
  if (!code.empty()) around_.metrics.refused(code);
}

void Connection::refuse(const Refusal& refusal) {
  log(refusal);
  refuse(to_response(refusal));
}

/// Closes without an answer, where none would be understood.
void Connection::drop(const Refusal& refusal) {
  log(refusal);
  around_.metrics.refused(refusal.code);
  close();
}

void Connection::log(const Refusal& refusal) {
  const auto held_back = around_.sampler.take(refusal.code, around_.now);
  if (!held_back) return;
  around_.log.warning("front.refused", refusal.title,
                      {{"reason", refusal.code}, {"peer", peer_.address.text()}, {"held_back", *held_back}});
}

void Connection::refuse(const Response& response) {
  count(response.status, response.code);
  release_body();
  step_ = Step::sending;
  since_ = progress_ = around_.now;
  keep_alive_ = false;
  lingers_ = true;
  send(serialize(response, around_.date, false, minor_version_, is_head_));
}

void Connection::end_of_input() {
  input_ended_ = true;
  const bool wants_nothing = step_ == Step::streaming || step_ == Step::lingering;
  if (wants_nothing || (step_ == Step::receiving && !reader_.has_begun())) return close();
  if (step_ == Step::receiving) refuse(refusals::kCutOff);
}

void Connection::next_request() {
  served_before_ = true;
  ++request_.generation;
  reader_ = RequestReader(around_.options.head);
  route_ = kNoRoute;
  minor_version_ = 1;
  is_head_ = false;
  since_ = around_.now;
  step_ = Step::receiving;
  const auto bytes = std::exchange(pending_, {});
  take(bytes);
  if (step_ == Step::receiving && input_ended_) end_of_input();
}

void Connection::send(std::string_view bytes) {
  if (tls_) {
    tls_->send(bytes);
    tls_->take_output(output_);
  } else {
    output_ += bytes;
  }
  flush();
}

void Connection::flush() {
  while (wants_to_write()) {
    const auto count =
        ::send(socket_.number(), output_.data() + sent_, output_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN) close();
      return;
    }
    sent_ += static_cast<std::size_t>(count);
    progress_ = around_.now;
  }
  output_ = {};
  sent_ = 0;
  if (step_ == Step::sending) sent_all();
}

void Connection::sent_all() {
  if (keep_alive_) return next_request();
  say_goodbye();
  if (input_ended_ || (!lingers_ && pending_.empty())) return close();
  // Closing now would reset the connection, and the client could lose the answer: let it see the end first.
  ::shutdown(socket_.number(), SHUT_WR);
  pending_ = {};
  since_ = around_.now;
  step_ = Step::lingering;
}

/// Ends TLS, so that the client can tell the end from a cut.
void Connection::say_goodbye() {
  if (!tls_) return;
  tls_->end();
  std::string last;
  tls_->take_output(last);
  // A few bytes behind a flushed output: the socket has room, and if not, nothing is lost.
  (void)::send(socket_.number(), last.data(), last.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void Connection::on_deadline() {
  if (step_ == Step::receiving && reader_.has_begun()) {
    refuse(reader_.state() == RequestReader::State::body ? refusals::kBodyTimeout : refusals::kHeadTimeout);
    set_deadline();
  } else {
    close();
  }
}

void Connection::on_drain() {
  keep_alive_ = false;
  if (step_ == Step::streaming) {
    end_stream();
    return set_deadline();
  }
  if (phase() != ConnectionLimits::Phase::idle) return;
  say_goodbye();
  close();
}

void Connection::close() {
  release_body();
  stream_.reset();
  step_ = Step::closed;
}

void Connection::account_body() {
  const auto held = reader_.body_size();
  const bool fits = around_.bodies.change(std::exchange(accounted_, held), held);
  if (fits) return;
  auto response = to_response(refusals::kBodyMemory);
  response.headers.emplace_back("Retry-After", kBodyMemoryRetrySeconds);
  refuse(response);
}

/// The memory goes with its account: a refused sender may stay connected for a while.
void Connection::release_body() {
  reader_.drop_body();
  around_.bodies.release(std::exchange(accounted_, 0));
}

void Connection::set_deadline() {
  const auto& deadlines = around_.options.deadlines;
  switch (step_) {
    case Step::receiving:
      if (reader_.state() == RequestReader::State::body) {
        const std::chrono::milliseconds earned(reader_.body_size() * 1'000 / deadlines.bytes_per_second);
        deadline_ = since_ + std::min(deadlines.body, deadlines.head + earned);
      } else {
        const bool is_idle = served_before_ && !reader_.has_begun();
        deadline_ = since_ + (is_idle ? deadlines.idle : deadlines.head);
      }
      return;
    case Step::sending:
      deadline_ = std::min(progress_ + deadlines.stall, since_ + deadlines.body);
      return;
    case Step::streaming:
      deadline_ = wants_to_write() ? std::min(progress_ + deadlines.stall, since_ + deadlines.body) : Monotonic::max();
      return;
    case Step::lingering:
      deadline_ = since_ + deadlines.linger;
      return;
    case Step::answering:
    case Step::closed:
      deadline_ = Monotonic::max();
      return;
  }
}

}  // namespace product_sync::front
