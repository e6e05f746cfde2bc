#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"

namespace product_sync::rithum {

/// What of a feed's name the account decides (rithum.md §1.4, §1.5): the prefix selects the processing method, the code
/// behind the dot the template.
struct FeedNaming {
  std::string mode_prefix;
  bool account_default_is_safe = false;  ///< a name without prefix may be used: the account's default wipes nothing
  std::string template_code;             ///< empty = none: standard headers
};

/// What makes a feed's name unique.
struct FeedIdentity {
  std::string site;
  std::string kind;  ///< full, delta, custom, push
  Instant started;   ///< of the run
  std::string run;   ///< identifier of the run and, when it has several files, of the part
};

/// Whether names can be made safely. Without a prefix the account's default method would decide, which may be Detect
/// Dropped Products: it sets everything that is not in the file to quantity 0. Error code `feed.name`, naming the
/// configuration's key.
[[nodiscard]] Result<void> check(const FeedNaming& naming);

/// `{prefix}{site}-{kind}-{time}-{run}.{template}.txt`. Dots stand before the template's code and the extension alone;
/// other characters than letters, digits, `-` and `_` in site, kind and run become `_`. At most 200 characters.
[[nodiscard]] Result<std::string> feed_name(const FeedNaming& naming, const FeedIdentity& identity);

}  // namespace product_sync::rithum
