#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "store/store.hpp"

namespace product_sync::sync {

/// Whether a file's copy in the spool is what was sealed: there, with its size and SHA-256. Error codes
/// `spool.file_lost` and `spool.file_damaged`; trying again does not help.
Result<void> check_spooled(const store::OutboxFile& file);

/// Removes feed files from a site's spool that were last written longer than `keep` ago, unless they still have to be
/// delivered. Returns how many. Error code `spool.unreadable`.
Result<std::uint64_t> remove_old_files(const std::filesystem::path& spool, std::string_view site,
                                       std::chrono::hours keep, store::Store& store);

}  // namespace product_sync::sync
