#pragma once

#include "config/config.hpp"
#include "config/reading.hpp"

namespace product_sync::config {

/// Once the whole site is read: gives each schedule its zone, and leaves out those that the file does not name and that
/// cannot run here. A problem where one is named that cannot run.
void complete_schedules(SiteConfig& site, Reading& reading);

}  // namespace product_sync::config
