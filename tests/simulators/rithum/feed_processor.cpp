#include "feed_processor.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <istream>
#include <memory>

#include "instant.hpp"

namespace rithum_simulator {
namespace {

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

FileRecord FeedProcessor::next_record() {
  const std::lock_guard lock(world_.mutex);
  FileRecord record;
  record.number = world_.next_file_number++;
  ++world_.processing;
  return record;
}

FileRecord FeedProcessor::process(std::istream& stream, FileRecord record, const std::stop_token& stop,
                                  const RowObserver& observer) {
  const std::lock_guard in_turn(in_turn_);
  record.sha256 = sha256_of(stream, record.bytes);
  stream.clear();
  stream.seekg(0);
  record.refusal = record.feed_name.refusal;
  if (record.refusal.empty()) read(stream, record, stop, observer);
  record.finished_at = now_ms();
  const std::lock_guard lock(world_.mutex);
  world_.files.push_back(record);
  --world_.processing;
  return record;
}

void FeedProcessor::read(std::istream& stream, FileRecord& record, const std::stop_token& stop,
                         const RowObserver& observer) {
  const auto* mapping = template_of(account_, record.feed_name);
  FeedRules rules{delimiter_};
  rules.assumed_headers = account_.blocked_columns;
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
  apply_rows(reader, headers, record, stop, observer);
}

void FeedProcessor::apply_rows(StrictFeedReader& reader, const std::vector<std::string>& headers, FileRecord& record,
                               const std::stop_token& stop, const RowObserver& observer) {
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
      const std::string_view written = sku_at < row->cells.size() ? row->cells[sku_at] : std::string_view{};
      if (observer) observer(*row, written, result);
      if (result.outcome != Outcome::rejected) continue;
      ++record.reasons[result.rejection.reason];
      if (record.rejected.size() == FileRecord::kMaxRowReports) continue;
      record.rejected.push_back({row->line, std::string(written), std::move(result.rejection)});
    }
  }
  if (record.feed_name.mode != Mode::detect_drop_items || row != nullptr) return;
  const std::lock_guard lock(world_.mutex);
  record.zeroed = application.zero_missing(now_ms());
}

}  // namespace rithum_simulator
