#pragma once

#include <set>
#include <string>
#include <vector>

namespace product_sync::hostile {

/// Bytes that are no clean HTTP request, though some reader somewhere takes them for one or two.
struct FramingCase {
  std::string name;
  std::string bytes;
  std::set<int> answers;  ///< any of these refuses it correctly
};

/// Each would store a notification if it were taken for the request it resembles.
[[nodiscard]] std::vector<FramingCase> refused_framings();

/// Requests that must be taken, each of which stores one notification.
[[nodiscard]] std::vector<FramingCase> accepted_framings();

}  // namespace product_sync::hostile
