#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "front/message.hpp"

namespace product_sync::front {

/// Collects a body of known length, or de-chunks one (RFC 9112 §7.1, without extensions and trailers). Pure.
class BodyReader {
 public:
  BodyReader() = default;  ///< no body: complete at once
  BodyReader(const RequestHead& head, std::uint64_t longest);

  /// Takes bytes until the body is complete or refused; returns how many.
  std::size_t read(std::string_view bytes);
  [[nodiscard]] bool is_complete() const { return state_ == State::complete; }
  [[nodiscard]] const std::optional<Refusal>& refusal() const { return refusal_; }

  [[nodiscard]] std::size_t size() const { return body_.size(); }
  [[nodiscard]] std::string take() { return std::move(body_); }
  /// Frees what was received. (Assigning an empty string would keep its memory.)
  void drop() { std::string().swap(body_); }

 private:
  enum class State { size, size_end, data, data_end, data_line_feed, last_end, last_line_feed, complete };

  bool step(char c);
  bool end_of_size();
  bool refuse(const Refusal& refusal);

  State state_ = State::complete;
  bool chunked_ = false;
  std::uint64_t longest_ = 0;
  std::uint64_t remaining_ = 0;  ///< of the body, or of the chunk
  unsigned size_digits_ = 0;
  std::string body_;
  std::optional<Refusal> refusal_;
};

}  // namespace product_sync::front
