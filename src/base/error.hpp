#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace product_sync {

/// Whether trying the same thing again can help. The one retry layer of each border reads it; nobody else retries.
enum class Retry {
  never,      ///< the same call will fail the same way: bad input, refused credentials, a permission
  later,      ///< a passing fault: time-out, connection lost, throttled, 5xx
  cancelled,  ///< somebody asked us to stop; not a fault
};

/// A fault that a caller acts on. `code` is stable and for machines (`sftp.host_key_unknown`); `message` is a sentence for a
/// person that names the thing (site, SKU, file, line); `remedy` says what to do about it and may be empty.
struct Error {
  std::string code;
  std::string message;
  std::string remedy;
  Retry retry = Retry::never;
  std::optional<std::chrono::milliseconds> retry_after;  ///< the other side's wish, when it gave one

  /// `message`, followed by the remedy where there is one.
  [[nodiscard]] std::string text() const;
};

/// A value or the reason why there is none.
template <class T>
using Result = tl::expected<T, Error>;

/// Shortest way to return an error: `return fail("code", "message", "remedy");`
[[nodiscard]] tl::unexpected<Error> fail(std::string code, std::string message, std::string remedy = {},
                                         Retry retry = Retry::never);

/// The error for work that ended because its stop token was triggered.
[[nodiscard]] tl::unexpected<Error> cancelled(std::string_view what);

}  // namespace product_sync
