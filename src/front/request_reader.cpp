#include "front/request_reader.hpp"

#include <utility>

#include "front/refusals.hpp"
#include "front/syntax.hpp"

namespace product_sync::front {

std::size_t RequestReader::read(std::string_view bytes) {
  if (state_ == State::head) return read_head(bytes);
  if (state_ == State::body) return read_body(bytes);
  return 0;
}

// Byte by byte, so that the first fault in the order of the bytes decides, however they are sliced.
std::size_t RequestReader::read_head(std::string_view bytes) {
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    ++head_bytes_;
    if (auto fault = check(c)) {
      refuse(*fault);
      return i + 1;
    }
    const bool line_is_over = after_carriage_return_;
    after_carriage_return_ = c == '\r';
    if (!line_is_over) continue;

    auto line = bytes.substr(line_start, i + 1 - line_start);
    if (!line_.empty()) line = line_ += line;
    end_line(line.substr(0, line.size() - 2));
    line_.clear();
    line_start = i + 1;
    if (state_ != State::head) return i + 1;
  }
  line_ += bytes.substr(line_start);
  return bytes.size();
}

std::optional<Refusal> RequestReader::check(char c) const {
  if (builder_.expects_request_line() && head_bytes_ > limits_.request_line) return refusals::kTargetTooLong;
  if (head_bytes_ > limits_.bytes) return refusals::kHeadTooLarge;
  if (after_carriage_return_) {
    return c == '\n' ? std::nullopt : std::optional(refusals::kBareCarriageReturn);
  }
  if (c == '\r' || !is_control(c)) return std::nullopt;
  return c == '\n' ? refusals::kBareLineFeed : refusals::kControlCharacter;
}

void RequestReader::end_line(std::string_view line) {
  if (skips_empty_line(line)) return;
  if (auto fault = builder_.add(line)) {
    refuse(*fault);
  } else if (builder_.is_complete()) {
    state_ = State::admission;
  }
}

/// RFC 9112 §2.2: one empty line before a request is to be ignored.
bool RequestReader::skips_empty_line(std::string_view line) {
  if (!line.empty() || !builder_.expects_request_line() || skipped_empty_line_) return false;
  skipped_empty_line_ = true;
  return true;
}

void RequestReader::admit(std::uint64_t longest) {
  body_ = BodyReader(builder_.head(), longest);
  state_ = State::body;
  (void)read_body({});
}

std::size_t RequestReader::read_body(std::string_view bytes) {
  const auto taken = body_.read(bytes);
  if (body_.refusal()) {
    refuse(*body_.refusal());
  } else if (body_.is_complete()) {
    state_ = State::complete;
  }
  return taken;
}

void RequestReader::refuse(const Refusal& refusal) {
  refusal_ = refusal;
  state_ = State::refused;
}

}  // namespace product_sync::front
