#include "inbox_watcher.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <system_error>

#include "instant.hpp"
#include "response_writer.hpp"

namespace rithum_simulator {
namespace {

namespace fs = std::filesystem;

}  // namespace

InboxWatcher::InboxWatcher(InboxSettings settings, FeedProcessor& processor, World& world, Behaviour& behaviour)
    : settings_(std::move(settings)), processor_(processor), world_(world), behaviour_(behaviour) {
  directories_.push_back({settings_.standard_directory, false, {}});
  if (settings_.transform_directory) directories_.push_back({*settings_.transform_directory, true, {}});
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void InboxWatcher::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (!behaviour_.faults().pause_pickup) {
      for (Directory& directory : directories_) look_into(directory, stop);
    }
    {
      const std::lock_guard lock(world_.mutex);
      ++world_.stats.looks;
    }
    std::unique_lock lock(sleep_mutex_);
    sleep_.wait_for(lock, stop, settings_.interval, [] { return false; });
  }
}

bool InboxWatcher::is_ignored(const std::string& name) const {
  return std::ranges::any_of(settings_.ignored_suffixes,
                             [&](const std::string& suffix) { return !suffix.empty() && name.ends_with(suffix); });
}

void InboxWatcher::look_into(Directory& directory, const std::stop_token& stop) {
  std::error_code error;
  std::map<std::string, Sighting> present;
  std::vector<std::pair<fs::file_time_type, std::string>> ready;
  for (const auto& entry : fs::directory_iterator(directory.path, error)) {
    const std::string name = entry.path().filename().string();
    if (is_ignored(name) || !entry.is_regular_file(error)) continue;
    const Look look{fs::file_size(entry.path(), error), fs::last_write_time(entry.path(), error), now_ms()};
    if (error) continue;  // gone since it was listed
    const auto known = directory.sightings.find(name);
    const bool is_new = known == directory.sightings.end();
    Sighting sighting = is_new ? Sighting{} : known->second;
    if (update(sighting, is_new, look)) ready.emplace_back(sighting.written, name);
    present.emplace(name, sighting);
  }
  directory.sightings = std::move(present);
  // Files are processed in the order received (rithum.md §1.6).
  std::ranges::sort(ready);
  for (const auto& [written, name] : ready) {
    if (stop.stop_requested()) return;
    take(directory, name, stop);
  }
}

// Takes note of one look at a file; true when it is ready to be picked up.
bool InboxWatcher::update(Sighting& sighting, bool is_new, const Look& look) {
  const bool same = !is_new && look.bytes == sighting.bytes;
  if (sighting.taken && same && look.written == sighting.written) return false;
  if (sighting.taken) is_new = true;  // written anew under the same name
  if (is_new) sighting = Sighting{look.bytes, look.written, look.at, false, false};
  if (!is_new && !same && !sighting.grew) {
    sighting.grew = true;
    const std::lock_guard lock(world_.mutex);
    ++world_.stats.partial_files_seen;
  }
  sighting.bytes = look.bytes;
  sighting.written = look.written;
  if (look.at - sighting.first_seen_at < settings_.delay.count()) return false;
  return (same && !is_new) || settings_.eager;
}

void InboxWatcher::take(Directory& directory, const std::string& name, const std::stop_token& stop) {
  const fs::path source = directory.path / name;
  std::error_code error;
  if (!fs::exists(source, error)) return;  // the sender took it back
  Sighting& sighting = directory.sightings.at(name);
  FileRecord record = processor_.next_record();
  record.name = name;
  record.directory = directory.is_transform ? "transform" : "standard";
  record.seen_growing = sighting.grew;
  record.first_seen_at = sighting.first_seen_at;
  record.picked_up_at = now_ms();
  FeedNameSettings names = settings_.names;
  names.template_required = directory.is_transform;
  record.feed_name = read_feed_name(name, names);

  std::ifstream stream(move_away(source, record), std::ios::binary);
  // Removed before it is read: a file that the sender puts there meanwhile under the same name stays.
  if (!settings_.keep_files && !settings_.archive_directory) fs::remove(source, error);
  process(stream, std::move(record), stop);
  if (settings_.keep_files) {
    sighting.taken = true;
  } else {
    directory.sightings.erase(name);
  }
}

void InboxWatcher::process(std::istream& stream, FileRecord record, const std::stop_token& stop) {
  if (!settings_.response_directory) {
    processor_.process(stream, std::move(record), stop);
    return;
  }
  ResponseWriter responses(*settings_.response_directory, record.name, settings_.partition_rows);
  processor_.process(stream, std::move(record), stop,
                     [&](const FeedRow& row, std::string_view sku, const RowResult& result) {
                       responses.add(row, sku, result);
                     });
  responses.write();
}

// Moves a file into the archive, where the sender cannot touch it any more. Returns where it can be read.
fs::path InboxWatcher::move_away(const fs::path& file, FileRecord& record) const {
  if (settings_.keep_files || !settings_.archive_directory) return file;
  std::string number = std::to_string(record.number);
  number.insert(0, number.size() < 6 ? 6 - number.size() : 0, '0');
  const fs::path target = *settings_.archive_directory / (number + "-" + file.filename().string());
  std::error_code error;
  fs::rename(file, target, error);
  if (error) {  // another file system
    fs::copy_file(file, target, error);
    if (error) {
      std::cerr << "rithum-simulator: cannot archive " << file << ": " << error.message() << '\n';
      return file;
    }
    fs::remove(file, error);
  }
  record.archived_as = target.string();
  return target;
}

}  // namespace rithum_simulator
