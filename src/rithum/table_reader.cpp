#include "rithum/table_reader.hpp"

#include <utility>

#include "base/bytes.hpp"

namespace product_sync::rithum {
namespace {

constexpr std::size_t kLongestRow = 16U << 20U;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

TableHeader::TableHeader(std::vector<std::string> names) : names_(std::move(names)) {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    places_.emplace(to_lower_ascii(trim(names_[i])), static_cast<int>(i));
  }
}

int TableHeader::find(std::string_view name) const {
  const auto found = places_.find(to_lower_ascii(trim(name)));
  return found == places_.end() ? -1 : found->second;
}

Result<void> TableReader::feed(std::string_view bytes) {
  for (const char c : bytes) {
    if (++row_bytes_ > kLongestRow) {
      return fail("rithum.bad_table", "A file from Rithum has a row of more than 16 MiB; it is no table.");
    }
    if (delimiter_ == '\0') {
      first_line_ += c;
      if (c == '\n') {
        choose_delimiter();
        for (const char first : std::exchange(first_line_, {})) {
          if (auto taken = take(first); !taken) return taken;
        }
      }
      continue;
    }
    if (auto taken = take(c); !taken) return taken;
  }
  return {};
}

Result<void> TableReader::finish() {
  if (delimiter_ == '\0' && !first_line_.empty()) {
    choose_delimiter();
    for (const char first : std::exchange(first_line_, {})) {
      if (auto taken = take(first); !taken) return taken;
    }
  }
  return cell_.empty() && cells_.empty() ? Result<void>{} : end_row();
}

void TableReader::choose_delimiter() {
  if (first_line_.starts_with(kByteOrderMark)) first_line_.erase(0, kByteOrderMark.size());
  delimiter_ = first_line_.find('\t') != std::string::npos || first_line_.find(',') == std::string::npos ? '\t' : ',';
}

Result<void> TableReader::take(char c) {
  if (in_quotes_ && !after_quote_) {
    if (c == '"') {
      after_quote_ = true;
    } else {
      cell_ += c;
    }
    return {};
  }
  if (after_quote_) {
    after_quote_ = false;
    if (c == '"') {
      cell_ += c;
      return {};
    }
    in_quotes_ = false;
  }
  if (c == delimiter_) {
    end_cell();
  } else if (c == '\n') {
    return end_row();
  } else if (c == '"' && cell_.empty()) {
    in_quotes_ = true;
  } else {
    cell_ += c;
  }
  return {};
}

void TableReader::end_cell() { cells_.push_back(std::exchange(cell_, {})); }

Result<void> TableReader::end_row() {
  if (cell_.ends_with('\r')) cell_.pop_back();
  end_cell();
  row_bytes_ = 0;
  auto cells = std::exchange(cells_, {});
  const bool blank = cells.size() == 1 && cells.front().empty();
  if (blank) return {};
  if (header_.empty()) {
    header_.emplace_back(std::move(cells));
    return {};
  }
  return on_row_(header_.front(), TableRow(cells));
}

}  // namespace product_sync::rithum
