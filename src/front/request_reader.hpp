#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "front/body_reader.hpp"
#include "front/head_builder.hpp"
#include "front/message.hpp"

namespace product_sync::front {

struct HeadLimits {
  std::size_t bytes = 16 * 1024;  ///< the whole head
  std::size_t request_line = 8 * 1024;
  std::size_t fields = 100;
};

/// Reads one request out of a stream of bytes: strict, incremental and bounded. Pure: bytes in, state out; the outcome
/// does not depend on how the bytes are sliced.
///
///     head ──▶ admission ──admit()──▶ body ──▶ complete
///       └──────────────┬───────────────┘
///                      ▼
///                   refused
class RequestReader {
 public:
  enum class State { head, admission, body, complete, refused };

  explicit RequestReader(HeadLimits limits = {}) : limits_(limits), builder_(limits.fields) {}

  /// Takes bytes until the state is one in which none are wanted; returns how many. What is left is the next request's.
  std::size_t read(std::string_view bytes);

  [[nodiscard]] State state() const { return state_; }
  /// Whether any byte of the request was read.
  [[nodiscard]] bool has_begun() const { return head_bytes_ > 0; }

  /// In admission and behind it; `head()` may be moved from.
  [[nodiscard]] RequestHead& head() { return builder_.head(); }
  /// Goes on to the body, of at most `longest` bytes.
  void admit(std::uint64_t longest);

  [[nodiscard]] std::size_t body_size() const { return body_.size(); }
  [[nodiscard]] std::string take_body() { return body_.take(); }
  /// Frees what was received of the body: nobody will take it.
  void drop_body() { body_.drop(); }
  /// In state refused.
  [[nodiscard]] const Refusal& refusal() const { return *refusal_; }

 private:
  std::size_t read_head(std::string_view bytes);
  std::size_t read_body(std::string_view bytes);
  /// The fault of the next byte of the head, when it has one.
  [[nodiscard]] std::optional<Refusal> check(char c) const;
  [[nodiscard]] bool skips_empty_line(std::string_view line);
  void end_line(std::string_view line);
  void refuse(const Refusal& refusal);

  HeadLimits limits_;
  State state_ = State::head;
  std::size_t head_bytes_ = 0;
  bool after_carriage_return_ = false;
  bool skipped_empty_line_ = false;
  std::string line_;  ///< what came of the current line with earlier bytes
  HeadBuilder builder_;
  BodyReader body_;
  std::optional<Refusal> refusal_;
};

}  // namespace product_sync::front
