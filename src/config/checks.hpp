#pragma once

#include "config/reading.hpp"

namespace product_sync::config {

/// Checks what no single option can know: options that need or contradict each other, and sites that would write into
/// each other's files. Parts of the file that have problems already are passed over.
void check_together(const Config& config, Reading& reading);

}  // namespace product_sync::config
