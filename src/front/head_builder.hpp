#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "front/message.hpp"

namespace product_sync::front {

/// Makes a head out of its lines, one after the other, and checks each and then the whole. Pure.
class HeadBuilder {
 public:
  explicit HeadBuilder(std::size_t most_fields) : most_fields_(most_fields) {}

  /// A line without its line end. The first is the request line, the empty one ends the head.
  [[nodiscard]] std::optional<Refusal> add(std::string_view line);
  [[nodiscard]] bool is_complete() const { return complete_; }
  [[nodiscard]] bool expects_request_line() const { return head_.method.empty(); }

  [[nodiscard]] RequestHead& head() { return head_; }
  [[nodiscard]] const RequestHead& head() const { return head_; }

 private:
  [[nodiscard]] std::optional<Refusal> request_line(std::string_view line);
  [[nodiscard]] std::optional<Refusal> field(std::string_view line);
  [[nodiscard]] std::optional<Refusal> finish();
  [[nodiscard]] std::optional<Refusal> check_host() const;
  [[nodiscard]] static std::optional<Refusal> check_tabs(std::string_view name, std::string_view value);
  [[nodiscard]] std::optional<Refusal> read_framing();
  [[nodiscard]] std::optional<Refusal> read_expectation();
  void read_connection();

  std::size_t most_fields_;
  RequestHead head_;
  bool complete_ = false;
};

}  // namespace product_sync::front
