#include "acumatica/json_fault.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace product_sync::acumatica {
namespace {

/// `[json.exception.parse_error.101] parse error at line 1, column 9: REASON; last read: 'TOKEN'; expected WHAT`
/// without what stands before the reason, and without the token, which is as long as the sender likes and need not be
/// UTF-8.
std::string reason_of(std::string_view what, const std::string& token) {
  constexpr std::string_view kLastRead = "; last read: '";
  if (const auto place = what.find(": "); place != what.npos && what.starts_with('[')) what.remove_prefix(place + 2);
  const auto quoted = what.find(kLastRead);
  if (quoted == what.npos) return std::string(what);
  const auto behind = quoted + kLastRead.size() + token.size() + 1;
  return fmt::format("{}{}", what.substr(0, quoted), what.substr(std::min(behind, what.size())));
}

/// Takes everything that is read and keeps the fault alone.
class FaultFinder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }

  bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception& error) override {
    // 406: a number beyond the range of a double; its text repeats the digits sent.
    constexpr int kNumberOverflow = 406;
    fault = JsonFault{position, error.id == kNumberOverflow ? "a number is too large" : reason_of(error.what(), token)};
    return false;
  }

  std::optional<JsonFault> fault;
};

}  // namespace

std::optional<JsonFault> find_json_fault(std::string_view text) {
  FaultFinder finder;
  nlohmann::json::sax_parse(text.begin(), text.end(), &finder);
  if (finder.fault) return finder.fault;
  // A zero byte ends the text for this reader, whatever follows.
  if (const auto zero = text.find('\0'); zero != text.npos) return JsonFault{zero + 1, "a zero byte between values"};
  return std::nullopt;
}

}  // namespace product_sync::acumatica
