#include "config/near_miss.hpp"

#include "catch.hpp"

using namespace product_sync::config;

TEST_CASE("a near miss is what was probably meant, and nothing when nothing is near") {
  static const std::vector<std::string_view> kKeys{
      "mode_prefix", "account_default_is_safe", "template_code", "delimiter", "read_timeout", "keep_files", "url",
      "warning"};
  struct Row {
    const char *wrong, *meant;
  };
  const auto row =
      GENERATE(Row{"mode-prefix", "mode_prefix"}, Row{"Mode_Prefix", "mode_prefix"}, Row{"prefx", "mode_prefix"},
               Row{"delimeter", "delimiter"}, Row{"timeout", "read_timeout"}, Row{"warn", "warning"}, Row{"ulr", "url"},
               Row{"keepfiles", "keep_files"}, Row{"default_is_safe", "account_default_is_safe"}, Row{"wibble", ""},
               Row{"x", ""}, Row{"", ""}, Row{"tenant", ""}, Row{"id", ""});
  CHECK(nearest(row.wrong, kKeys) == row.meant);
}

TEST_CASE("a name of any length is compared in bounded time") {
  CHECK(nearest(std::string(1'000'000, 'a'), {"mode_prefix"}).empty());
}
