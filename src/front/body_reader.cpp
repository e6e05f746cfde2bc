#include "front/body_reader.hpp"

#include <algorithm>

#include "front/refusals.hpp"
#include "front/syntax.hpp"

namespace product_sync::front {
namespace {

constexpr unsigned kMostSizeDigits = 15;  // fewer than would fill 64 bits: no size overflows
/// Who has sent this much is believed the announced rest: room for it costs nothing before it is filled, and growing
/// into it by copies would hold the body twice.
constexpr std::size_t kBelieved = 1 << 20;

}  // namespace

BodyReader::BodyReader(const RequestHead& head, std::uint64_t longest) : chunked_(head.chunked), longest_(longest) {
  if (chunked_) {
    state_ = State::size;
    return;
  }
  remaining_ = head.content_length.value_or(0);
  if (remaining_ > longest_) {
    refuse(refusals::kTooLarge);
  } else if (remaining_ > 0) {
    state_ = State::data;
  }
}

std::size_t BodyReader::read(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && state_ != State::complete && !refusal_) {
    if (state_ == State::data) {
      const auto part = bytes.substr(taken, std::min<std::uint64_t>(remaining_, bytes.size() - taken));
      if (!chunked_ && body_.size() >= kBelieved) body_.reserve(body_.size() + remaining_);
      body_ += part;
      taken += part.size();
      remaining_ -= part.size();
      if (remaining_ == 0) state_ = chunked_ ? State::data_end : State::complete;
    } else {
      step(bytes[taken]);
      ++taken;
    }
  }
  return taken;
}

/// One byte of the chunks' framing.
bool BodyReader::step(char c) {
  switch (state_) {
    case State::size: {
      if (const auto digit = hex_digit(c)) {
        if (++size_digits_ > kMostSizeDigits) return refuse(refusals::kChunk);
        remaining_ = remaining_ * 16 + *digit;
        return true;
      }
      if (c != '\r' || size_digits_ == 0) return refuse(refusals::kChunk);
      state_ = State::size_end;
      return true;
    }
    case State::size_end:
      return c == '\n' ? end_of_size() : refuse(refusals::kChunk);
    case State::data_end:
      state_ = State::data_line_feed;
      return c == '\r' || refuse(refusals::kChunk);
    case State::data_line_feed:
      state_ = State::size;
      size_digits_ = 0;
      return c == '\n' || refuse(refusals::kChunk);
    case State::last_end:
      state_ = State::last_line_feed;
      return c == '\r' || refuse(refusals::kTrailer);
    case State::last_line_feed:
      if (c != '\n') return refuse(refusals::kChunk);
      state_ = State::complete;
      return true;
    case State::data:
    case State::complete:
      break;
  }
  return true;
}

bool BodyReader::end_of_size() {
  if (remaining_ > longest_ - body_.size()) return refuse(refusals::kTooLarge);
  state_ = remaining_ == 0 ? State::last_end : State::data;
  return true;
}

bool BodyReader::refuse(const Refusal& refusal) {
  refusal_ = refusal;
  return false;
}

}  // namespace product_sync::front
