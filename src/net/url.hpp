#pragma once

#include <string>
#include <string_view>

namespace product_sync::net {

/// `text` with every byte outside RFC 3986's unreserved set as %XX: right for a path segment, a query value and a form
/// value alike (a blank is %20, a plus is %2B).
[[nodiscard]] std::string percent_encode(std::string_view text);

/// `base` without trailing slashes, a slash, `path` without leading ones. `path` is taken as it is: encode its
/// segments.
[[nodiscard]] std::string join_url(std::string_view base, std::string_view path);

/// `url` fit for logs: without user info, and `***` in place of the values of query parameters that carry secrets.
[[nodiscard]] std::string redacted(std::string_view url);

/// `a=1&b=2`, names and values percent-encoded (but for `$` in names, which OData servers want to see). Also the body
/// of a form.
class QueryBuilder {
 public:
  QueryBuilder& add(std::string_view name, std::string_view value);
  [[nodiscard]] const std::string& text() const { return text_; }
  /// `url`, with `?` and the parameters where there are any.
  [[nodiscard]] std::string append_to(std::string_view url) const;

 private:
  std::string text_;
};

}  // namespace product_sync::net
