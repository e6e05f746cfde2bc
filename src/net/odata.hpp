#pragma once

#include <string>
#include <string_view>

namespace product_sync::net {

/// `'O''Brien'`: a text literal of OData's `$filter`, in versions 3 and 4 alike. Not yet percent-encoded.
[[nodiscard]] std::string odata_string(std::string_view text);

}  // namespace product_sync::net
