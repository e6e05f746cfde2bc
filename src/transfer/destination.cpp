#include "transfer/destination.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.hpp"

namespace product_sync::transfer {

Result<void> check_file_name(std::string_view name) {
  const auto unfit = [](char c) { return c == '/' || static_cast<unsigned char>(c) < 0x20U || c == 0x7F; };
  if (!name.empty() && name != "." && name != ".." && std::none_of(name.begin(), name.end(), unfit)) return {};
  return fail("transfer.bad_name", fmt::format("{} is not a plain file name.", json_quote(name)),
              "Use a name without slashes and control characters; the directory is part of the destination.");
}

}  // namespace product_sync::transfer
