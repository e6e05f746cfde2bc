#include <cstdint>
#include <string>
#include <string_view>

#include "catalog/html.hpp"
#include "catalog/text.hpp"
#include "fuzz/must_hold.hpp"

using namespace product_sync::catalog;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  if (!valid_utf8(source)) return 0;
  const std::string clean = clean_html(source);
  must_hold(valid_utf8(clean), "what goes out is UTF-8");
  must_hold(!has_break(clean), "it is one line");
  must_hold(!clean.starts_with('"'), "it does not begin with a quotation mark");
  for (const char* forbidden : {"<script", "<style", "<svg", "<iframe", "<!--", "=\"javascript:"}) {
    must_hold(clean.find(forbidden) == std::string::npos, forbidden);
  }
  must_hold(clean_html(source) == clean, "the same source gives the same text");
  return 0;
}
