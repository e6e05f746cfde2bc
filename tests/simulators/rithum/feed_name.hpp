#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rithum_simulator {

/// Processing methods (rithum.md §1.5), by their names in ProductUpload.
enum class Mode : std::uint8_t {
  add_update,        ///< All: create new, update existing
  add_only,          ///< New Only: existing rows are skipped
  update_only,       ///< Updates Only: new rows are skipped
  detect_drop_items  ///< as All, then everything absent from the file gets quantity 0
};
[[nodiscard]] std::string_view to_string(Mode mode);
[[nodiscard]] std::optional<Mode> mode_from(std::string_view name);

/// The account's FTP settings that decide how a file name is understood.
struct FeedNameSettings {
  std::vector<std::pair<std::string, Mode>> prefixes;
  Mode default_mode = Mode::add_update;
  std::vector<std::string> template_codes;
  bool template_required = false;  ///< the directory takes custom headers only (`/Inventory/Transform`)
};

/// What a file name says (rithum.md §1.4): `prefix anything.TEMPLATECODE.txt`.
struct FeedName {
  Mode mode = Mode::add_update;
  std::string prefix;         ///< that chose the mode; empty = the account's default method applied
  std::string template_code;  ///< empty = standard headers
  std::string refusal;        ///< why a file of this name is not processed; empty when it is
};
[[nodiscard]] FeedName read_feed_name(std::string_view name, const FeedNameSettings& settings);

}  // namespace rithum_simulator
