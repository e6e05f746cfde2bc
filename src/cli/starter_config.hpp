#pragma once

#include <string>

#include "base/error.hpp"

namespace product_sync::cli {

/// What `init` has to know.
struct StarterAnswers {
  std::string site;
  std::string acumatica_url;
  std::string tenant;
  std::string destination;  ///< `sftp://user@host:port/directory`, `ftps://…`, or the path of a directory
  std::string time_zone = "UTC";
  bool schedules = false;  ///< switched on
};

/// A commented configuration of one site. Secrets are named as environment variables. What a merchant alone can know (item
/// classes, where the box is) has an example in it. `init.bad_answer` when it would not load.
[[nodiscard]] Result<std::string> starter_config(const StarterAnswers& answers);

}  // namespace product_sync::cli
