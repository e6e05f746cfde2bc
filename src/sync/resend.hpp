#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/store.hpp"

namespace product_sync::sync {

/// What happens about files that went out after the one to be sent again, and may hold newer values.
enum class NewerFiles {
  refuse,  ///< there must be none
  along,   ///< they are sent again as well, behind it
  ignore,  ///< the older values win in Rithum, until the products are read again
};

/// Takes delivered files of a site from its archive, the spool, and makes them deliverable again, after proving that
/// each is still what was written. `which` is the id or the name of a file, or the id of a run: then all of its files.
/// They go out in the order in which they were written. Returns them.
///
/// Error codes: `files.not_found`, `files.not_delivered`, `files.newer_sent`, `spool.file_lost`, `spool.file_damaged`.
Result<std::vector<store::OutboxFile>> resend(std::string_view site, std::string_view which, NewerFiles newer,
                                              store::Store& store, Instant now);

}  // namespace product_sync::sync
