#include "hostile_client.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <utility>

namespace product_sync::hostile {
namespace {

constexpr std::chrono::milliseconds kPatience = std::chrono::minutes{2};
constexpr std::chrono::milliseconds kNoMoreTaken{1'000};
constexpr std::string_view kHeadEnd = "\r\n\r\n";

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

}  // namespace

std::string loopback_address(unsigned index) {
  return "127." + std::to_string(1 + index / 62'500) + "." + std::to_string(1 + index / 250 % 250) + "." +
         std::to_string(1 + index % 250);
}

HostileClient::HostileClient(std::uint16_t port, const Options& options)
    : socket_(std::make_unique<Socket>(port, options.from)) {
  if (!options.tls) {
    wire_ = plain_wire(*socket_);
    return;
  }
  auto tls = std::make_unique<TlsWire>(*socket_, *options.tls);
  tls_ = tls.get();
  wire_ = std::move(tls);
}

void HostileClient::take() {
  Moved moved = Moved::some;
  while (!ended_ && moved == Moved::some) moved = wire_->read(received_);
  if (moved == Moved::ended) ended_ = true;
}

bool HostileClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    switch (wire_->write(bytes)) {
      case Moved::some:
        break;
      case Moved::ended:
        return false;
      case Moved::later:
        if (!socket_->wait(true, true, static_cast<int>(kPatience.count())))
          throw std::runtime_error("the other side takes no bytes");
        take();  // else both sides could wait for each other
        if (ended_) return false;
    }
  }
  return true;
}

void HostileClient::send_unprotected(std::string_view bytes) {
  const auto raw = plain_wire(*socket_);
  while (!bytes.empty() && raw->write(bytes) != Moved::ended)
    (void)socket_->wait(false, true, static_cast<int>(kNoMoreTaken.count()));
}

bool HostileClient::send_without_reading(std::string_view& bytes) {
  while (!bytes.empty()) {
    const auto moved = wire_->write(bytes);
    if (moved == Moved::ended) return false;
    if (moved == Moved::later && !socket_->wait(false, true, static_cast<int>(kNoMoreTaken.count()))) return false;
  }
  return true;
}

std::uint64_t HostileClient::flood(std::string_view piece, std::uint64_t total) {
  std::uint64_t sent = 0;
  while (sent < total && !was_answered()) {
    if (!send(piece)) break;
    sent += piece.size();
  }
  return sent;
}

void HostileClient::end_sending() { wire_->end_sending(); }

std::optional<Reply> HostileClient::whole_reply() {
  const auto head_end = received_.find(kHeadEnd);
  if (head_end == std::string::npos) return std::nullopt;
  Reply reply;
  auto line_end = received_.find("\r\n");
  reply.status = std::stoi(received_.substr(std::min<std::size_t>(received_.find(' '), line_end) + 1, 3));
  while (line_end < head_end) {
    const auto begin = line_end + 2;
    line_end = received_.find("\r\n", begin);
    const auto colon = received_.find(':', begin);
    const auto value = received_.find_first_not_of(' ', colon + 1);
    reply.headers[lower(received_.substr(begin, colon - begin))] = received_.substr(value, line_end - value);
  }
  const auto length = reply.headers.find("content-length");
  const auto body_size = length == reply.headers.end() ? 0 : std::stoull(length->second);
  const auto body_begin = head_end + kHeadEnd.size();
  if (received_.size() < body_begin + body_size) return std::nullopt;
  reply.body = received_.substr(body_begin, body_size);
  received_.erase(0, body_begin + body_size);
  return reply;
}

void HostileClient::wait_for_bytes(const char* what) {
  if (!socket_->wait(true, false, static_cast<int>(kPatience.count()))) throw std::runtime_error(what);
  take();
}

std::optional<Reply> HostileClient::reply() {
  while (true) {
    take();
    if (auto reply = whole_reply()) return reply;
    if (ended_) return std::nullopt;
    wait_for_bytes("no answer came");
  }
}

std::string HostileClient::more() {
  take();
  while (received_.empty() && !ended_) wait_for_bytes("nothing more came");
  return std::exchange(received_, {});
}

int HostileClient::ask(std::string_view request) {
  send(request);
  const auto answer = reply();
  return answer ? answer->status : 0;
}

void HostileClient::wait_for_the_end(std::chrono::milliseconds longest) {
  const auto deadline = std::chrono::steady_clock::now() + longest;
  for (take(); !ended_; take()) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0 || !socket_->wait(true, false, static_cast<int>(left.count()))) return;
  }
}

std::string HostileClient::rest() {
  take();
  while (!ended_) wait_for_bytes("the connection was not ended");
  return std::exchange(received_, {});
}

bool HostileClient::was_answered() {
  take();
  return ended_ || !received_.empty();
}

bool HostileClient::was_ended() {
  take();
  return ended_;
}

}  // namespace product_sync::hostile
