#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "store/store.hpp"

namespace product_sync::sync {

/// Removes feed files from a site's spool that were last written longer than `keep` ago, unless they still have to be
/// delivered. Returns how many. Error code `spool.unreadable`.
Result<std::uint64_t> remove_old_files(const std::filesystem::path& spool, std::string_view site,
                                       std::chrono::hours keep, store::Store& store);

}  // namespace product_sync::sync
