#include "rithum/response_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/bytes.hpp"
#include "rithum/result_file.hpp"
#include "rithum/row_reason.hpp"
#include "rithum/table_reader.hpp"

namespace product_sync::rithum {
namespace {

/// Of what an archive holds.
constexpr std::uint64_t kLongestContent = 1ULL << 30U;
constexpr std::size_t kLongestWord = 60;

tl::unexpected<Error> bad_response(const std::string& name, const std::string& what, std::string_view key) {
  return fail("rithum.bad_response", fmt::format("The response file {} {}.", name, what),
              key.empty() ? std::string() : fmt::format("Name them under confirmation.response_files.{}.", key));
}

bool is_one_of(std::string_view word, const std::vector<std::string>& words) {
  const auto lower = to_lower_ascii(word);
  return std::ranges::any_of(words, [&](const std::string& one) { return to_lower_ascii(one) == lower; });
}

class ResponseReader {
 public:
  ResponseReader(const std::string& name, const ResponseFormat& format,
                 const std::function<Result<void>(ResponseRow&&)>& on_row)
      : name_(name), format_(format), on_row_(on_row) {}

  Result<void> take(const TableHeader& header, const TableRow& cells) {
    ++rows_;
    if (!places_) {
      if (auto found = find_places(header); !found) return found;
    }
    ResponseRow row;
    row.sku = std::string(trim(cells.at(places_->sku)));
    if (row.sku.empty()) return bad_response(name_, fmt::format("has no SKU in row {}", rows_), {});
    const auto message = cells.at(places_->message);
    if (format_.status_columns.empty()) {
      row.taken = trim(message).empty();
    } else {
      const auto judged = judge(trim(cells.at(places_->status)), row.sku);
      if (!judged) return tl::unexpected(judged.error());
      row.taken = *judged;
    }
    if (!row.taken) row.reason = row_reason(trim(message).empty() ? cells.at(places_->status) : message);
    return on_row_(std::move(row));
  }

  [[nodiscard]] std::uint64_t rows() const { return rows_; }

 private:
  struct Places {
    int sku = -1;
    int status = -1;
    int message = -1;
  };

  Result<void> find_places(const TableHeader& header) {
    const auto first_of = [&](const std::vector<std::string>& names) {
      for (const auto& name : names) {
        if (const int place = header.find(name); place >= 0) return place;
      }
      return -1;
    };
    const Places places{first_of(format_.sku_columns), first_of(format_.status_columns),
                        first_of(format_.message_columns)};
    const auto missing = [&](std::string_view what, std::string_view key) {
      const auto columns = row_reason(fmt::format("{}", fmt::join(header.names(), ", ")));
      return bad_response(name_, fmt::format("has the columns {}, none of which is known to hold the {}", columns, what), key);
    };
    if (places.sku < 0) return missing("SKU", "sku_columns");
    if (!format_.status_columns.empty() && places.status < 0) return missing("status", "status_columns");
    if (format_.status_columns.empty() && places.message < 0) return missing("message", "message_columns");
    places_ = places;
    return {};
  }

  /// Whether the row was taken.
  Result<bool> judge(std::string_view word, const std::string& sku) const {
    if (is_one_of(word, format_.success_words)) return true;
    if (is_one_of(word, format_.error_words)) return false;
    return bad_response(name_,
                        fmt::format("says \"{}\" of SKU {} in row {}, which is neither a word of success nor of an error",
                                    row_reason(word.substr(0, kLongestWord)), row_reason(sku), rows_),
                        "success_words or error_words");
  }

  const std::string& name_;
  const ResponseFormat& format_;
  const std::function<Result<void>(ResponseRow&&)>& on_row_;
  std::optional<Places> places_;
  std::uint64_t rows_ = 0;
};

}  // namespace

Result<std::uint64_t> read_response_file(const std::filesystem::path& file, const std::string& name,
                                         const ResponseFormat& format,
                                         const std::function<Result<void>(ResponseRow&&)>& on_row) {
  ResponseReader reader(name, format, on_row);
  TableReader table([&](const TableHeader& header, const TableRow& row) { return reader.take(header, row); });
  std::uint64_t bytes = 0;
  const auto feed = [&](std::string_view piece) -> Result<void> {
    bytes += piece.size();
    if (bytes > kLongestContent) {
      return bad_response(name, fmt::format("holds more than {}", human_bytes(kLongestContent)), {});
    }
    return table.feed(piece);
  };
  if (auto done = read_result_file(file, feed); !done) return tl::unexpected(std::move(done.error()));
  if (auto done = table.finish(); !done) return tl::unexpected(std::move(done.error()));
  if (reader.rows() == 0) return bad_response(name, "has no row", {});
  return reader.rows();
}

}  // namespace product_sync::rithum
