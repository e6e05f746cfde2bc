#include "inbox_watcher.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <memory>
#include <system_error>

#include "instant.hpp"

namespace rithum_simulator {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRowsPerLock = 500;  // so that HTTP requests are answered while a big file is applied

/// Reads to the end; counts the `bytes`.
std::string sha256_of(std::istream& stream, std::uint64_t& bytes) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::vector<char> chunk(1U << 20U);
  while (stream.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), stream.gcount() > 0) {
    const auto count = static_cast<std::size_t>(stream.gcount());
    EVP_DigestUpdate(context.get(), chunk.data(), count);
    bytes += count;
  }
  std::array<unsigned char, 32> digest{};
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0x0FU];
  }
  return text;
}

const std::map<std::string, std::string>* template_of(const Account& account, const FeedName& name) {
  const auto found = account.templates.find(name.template_code);
  return found == account.templates.end() ? nullptr : &found->second;
}

}  // namespace

InboxWatcher::InboxWatcher(InboxSettings settings, const Account& account, World& world, Behaviour& behaviour)
    : settings_(std::move(settings)), account_(account), world_(world), behaviour_(behaviour) {
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
  return (same && !is_new) || settings_.eager;
}

void InboxWatcher::take(Directory& directory, const std::string& name, const std::stop_token& stop) {
  const fs::path source = directory.path / name;
  std::error_code error;
  if (!fs::exists(source, error)) return;  // the sender took it back
  Sighting& sighting = directory.sightings.at(name);
  FileRecord record;
  {
    const std::lock_guard lock(world_.mutex);
    record.number = world_.next_file_number++;
    world_.processing = true;
  }
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
  process(stream, record, stop);
  record.finished_at = now_ms();
  if (settings_.keep_files) {
    sighting.taken = true;
  } else {
    directory.sightings.erase(name);
  }
  const std::lock_guard lock(world_.mutex);
  world_.files.push_back(std::move(record));
  world_.processing = false;
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

void InboxWatcher::process(std::istream& stream, FileRecord& record, const std::stop_token& stop) {
  record.sha256 = sha256_of(stream, record.bytes);
  stream.clear();
  stream.seekg(0);
  record.refusal = record.feed_name.refusal;
  if (!record.refusal.empty()) return;

  const auto* mapping = template_of(account_, record.feed_name);
  FeedRules rules{settings_.delimiter};
  if (mapping != nullptr) {
    rules.is_registered = [mapping](std::string_view header) { return mapping->contains(std::string(header)); };
  }
  StrictFeedReader reader(stream, rules);
  record.headers = reader.headers();
  record.header_violations = reader.header_violations();
  if (!record.header_violations.empty()) {
    record.refusal = "pre-validation failed: " + std::string(to_string(record.header_violations.front().rule));
    return;
  }
  auto headers = reader.headers();
  for (std::string& header : headers) {
    if (mapping == nullptr) break;
    if (const auto standard = mapping->find(header); standard != mapping->end()) header = standard->second;
  }
  if (std::ranges::find(headers, kSkuColumn) == headers.end()) {
    record.refusal = "the template maps no header to Inventory Number";
    return;
  }
  apply_rows(reader, headers, record, stop);
}

void InboxWatcher::apply_rows(StrictFeedReader& reader, const std::vector<std::string>& headers, FileRecord& record,
                              const std::stop_token& stop) {
  const auto sku_at = static_cast<std::size_t>(std::ranges::find(headers, kSkuColumn) - headers.begin());
  FeedApplication application(world_.catalogue, account_, record.feed_name.mode, headers, record.number);
  const FeedRow* row = reader.next();
  while (row != nullptr && !stop.stop_requested()) {
    const std::lock_guard lock(world_.mutex);
    const auto now = now_ms();
    for (std::size_t i = 0; i < kRowsPerLock && row != nullptr; ++i, row = reader.next()) {
      RowResult result = application.apply(*row, now);
      ++record.rows;
      ++record.outcomes[result.outcome];
      if (result.repeated) ++record.repeated_rows;
      if (result.outcome != Outcome::rejected) continue;
      ++record.reasons[result.rejection.reason];
      if (record.rejected.size() == FileRecord::kMaxRowReports) continue;
      std::string sku(sku_at < row->cells.size() ? row->cells[sku_at] : std::string_view{});
      record.rejected.push_back({row->line, std::move(sku), std::move(result.rejection)});
    }
  }
  if (record.feed_name.mode != Mode::detect_drop_items || row != nullptr) return;
  const std::lock_guard lock(world_.mutex);
  record.zeroed = application.zero_missing(now_ms());
}

}  // namespace rithum_simulator
