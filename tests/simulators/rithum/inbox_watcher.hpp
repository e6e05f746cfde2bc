#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "behaviour.hpp"
#include "feed_processor.hpp"
#include "world.hpp"

namespace rithum_simulator {

struct InboxSettings {
  std::filesystem::path standard_directory;
  std::optional<std::filesystem::path> transform_directory;
  std::chrono::milliseconds interval{200};
  std::chrono::milliseconds delay{0};  ///< a file is there at least this long before it is taken (rithum.md §1.6)
  char delimiter = '\t';
  FeedNameSettings names;
  std::vector<std::string> ignored_suffixes;
  bool keep_files = false;
  std::optional<std::filesystem::path> archive_directory;
  std::optional<std::filesystem::path> response_directory;  ///< none: files are not answered
  std::uint32_t partition_rows = 0;                          ///< of the account
  bool eager = false;  ///< take a file at first sight, complete or not
};

/// Looks into the directories that an SFTP or FTP server writes, takes complete files in the order they came and
/// applies them. A file is complete when two looks in a row see the same size; one whose size differs between two looks
/// was written under its final name, which is counted as a fault of the sender.
class InboxWatcher {
 public:
  InboxWatcher(InboxSettings settings, FeedProcessor& processor, World& world, Behaviour& behaviour);

 private:
  struct Look {  // what one look at a file saw
    std::uintmax_t bytes = 0;
    std::filesystem::file_time_type written;
    std::int64_t at = 0;
  };
  struct Sighting {
    std::uintmax_t bytes = 0;
    std::filesystem::file_time_type written;
    std::int64_t first_seen_at = 0;
    bool grew = false;
    bool taken = false;  // stays in the directory (keep_files)
  };
  struct Directory {
    std::filesystem::path path;
    bool is_transform = false;
    std::map<std::string, Sighting> sightings;
  };

  void run(const std::stop_token& stop);
  void look_into(Directory& directory, const std::stop_token& stop);
  [[nodiscard]] bool is_ignored(const std::string& name) const;
  [[nodiscard]] bool update(Sighting& sighting, bool is_new, const Look& look);
  void take(Directory& directory, const std::string& name, const std::stop_token& stop);
  void process(std::istream& stream, FileRecord record, const std::stop_token& stop);
  [[nodiscard]] std::filesystem::path move_away(const std::filesystem::path& file, FileRecord& record) const;

  InboxSettings settings_;
  FeedProcessor& processor_;
  World& world_;
  Behaviour& behaviour_;
  std::vector<Directory> directories_;
  std::mutex sleep_mutex_;
  std::condition_variable_any sleep_;
  std::jthread thread_;  // last: ends before the rest goes
};

}  // namespace rithum_simulator
