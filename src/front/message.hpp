#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ip_address.hpp"

/// Requests and responses as values.
namespace product_sync::front {

/// Header fields in order of arrival, names in lower case. All text lies in one string: a head is cheap to keep and to
/// move.
class Fields {
 public:
  struct Field {
    std::string_view name;
    std::string_view value;
  };

  void add(std::string_view name, std::string_view value);
  [[nodiscard]] std::size_t size() const { return spans_.size(); }
  [[nodiscard]] bool empty() const { return spans_.empty(); }
  [[nodiscard]] Field operator[](std::size_t index) const;
  /// The value of the first field of that lower-case name; empty when there is none.
  [[nodiscard]] std::string_view find(std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;

 private:
  struct Span {
    std::uint32_t start;
    std::uint32_t name_size;
    std::uint32_t value_size;
  };
  std::string text_;
  std::vector<Span> spans_;
};

/// A request without its body; what it holds has been checked by the RequestReader.
struct RequestHead {
  std::string method;
  std::string target;  ///< origin-form: a path that starts with `/`, perhaps a `?` and a query
  int minor_version = 1;
  Fields fields;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool expects_continue = false;
  bool keep_alive = true;  ///< the client wants to go on with the connection

  /// Whether a body follows or could: it may still be empty when chunked.
  [[nodiscard]] bool has_body() const { return chunked || content_length.value_or(0) > 0; }
  /// Whether the request says how long its body is.
  [[nodiscard]] bool is_framed() const { return chunked || content_length.has_value(); }
  [[nodiscard]] std::string_view path() const;
  [[nodiscard]] std::string_view query() const;  ///< without the `?`; empty when there is none
};

/// Who sent a request.
struct Peer {
  IpAddress address;        ///< of the client: as the socket tells, or as a trusted proxy did
  bool secure = false;      ///< came by TLS
  bool is_private = false;  ///< came in at the private address
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string code = {};  ///< of a problem: for metrics
};

/// `application/problem+json` (RFC 9457): `title` is for people, `code` stable and for machines, `remedy` may be empty.
[[nodiscard]] Response problem(int status, std::string_view code, std::string_view title, std::string_view remedy = {});

/// Why a request is not served, before anybody looked at what it wants.
struct Refusal {
  int status = 400;
  std::string_view code;   ///< `request.bare_line_feed`
  std::string_view title;  ///< for people
};
[[nodiscard]] Response to_response(const Refusal& refusal);

/// For a request that could not be served through a fault of ours: tells nothing of it.
[[nodiscard]] Response internal_error();

/// `Not Found`; empty for a status that this program does not send.
[[nodiscard]] std::string_view reason_phrase(int status);

/// The response as bytes, not to be cached and not to be taken for another type. `date` is the value of the Date field.
/// A response to HEAD has no body, but its length.
[[nodiscard]] std::string serialize(const Response& response, std::string_view date, bool keep_alive, int minor_version,
                                    bool is_head);

/// The head of a response whose end is not known when it begins: chunked where the client's version has that. The
/// connection ends behind it.
[[nodiscard]] std::string serialize_stream_head(int status, std::string_view content_type, std::string_view date,
                                                int minor_version);
/// A piece of a chunked body (RFC 9112 §7.1); not empty.
[[nodiscard]] std::string chunk_of(std::string_view piece);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace product_sync::front
