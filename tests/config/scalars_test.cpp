#include "config/scalars.hpp"

#include "catch.hpp"

using namespace product_sync::config;
using std::chrono::milliseconds;

TEST_CASE("durations are whole numbers with a unit, and are written as they are read") {
  struct Row {
    const char* text;
    std::int64_t count;
    const char* written;
  };
  const auto row = GENERATE(Row{"0s", 0, "0s"}, Row{"0ms", 0, "0s"}, Row{"500ms", 500, "500ms"},
                            Row{"1000ms", 1000, "1s"}, Row{"15s", 15'000, "15s"}, Row{"90s", 90'000, "90s"},
                            Row{"10m", 600'000, "10m"}, Row{"24h", 86'400'000, "1d"}, Row{"30d", 2'592'000'000, "30d"});
  const auto duration = parse_duration(row.text);
  REQUIRE(duration.has_value());
  CHECK(duration->count() == row.count);
  CHECK(format_duration(*duration) == row.written);
  CHECK(parse_duration(row.written) == duration);
}

TEST_CASE("what is no duration is refused") {
  const auto* text = GENERATE("", "s", "15", "15 s", "1.5h", "-1s", "+1s", "1h30m", "015s", "15S", "15sec", "1e3s",
                              "9223372036854775807d", "99999999999999999999s");
  CHECK_FALSE(parse_duration(text).has_value());
}

TEST_CASE("sizes are whole numbers with a decimal or binary unit, and are written as they are read") {
  struct Row {
    const char* text;
    std::uint64_t bytes;
  };
  const auto row =
      GENERATE(Row{"0B", 0}, Row{"1B", 1}, Row{"32MB", 32'000'000}, Row{"2MiB", 2'097'152}, Row{"64KiB", 65'536},
               Row{"1kB", 1'000}, Row{"1GB", 1'000'000'000}, Row{"3TiB", 3ULL << 40U});
  const auto bytes = parse_size(row.text);
  REQUIRE(bytes.has_value());
  CHECK(*bytes == row.bytes);
  CHECK(format_size(*bytes) == row.text);
}

TEST_CASE("what is no size is refused") {
  const auto* text = GENERATE("", "1", "MB", "1M", "1mb", "1.5MB", "01MB", "1 MB", "99999999TiB", "-1B");
  CHECK_FALSE(parse_size(text).has_value());
}

TEST_CASE("whole numbers have neither leading zeros nor signs that say nothing") {
  CHECK(parse_integer("0") == 0);
  CHECK(parse_integer("-5") == -5);
  CHECK(parse_integer("9223372036854775807") == INT64_MAX);
  const auto* text = GENERATE("", "-", "-0", "+1", "010", "00", "1_000", "1,000", "0x10", "9223372036854775808", "1e3");
  CHECK_FALSE(parse_integer(text).has_value());
}

TEST_CASE("addresses are host and port, with brackets around IPv6") {
  struct Row {
    const char *text, *host;
    int port;
  };
  const auto row = GENERATE(Row{"127.0.0.1:8080", "127.0.0.1", 8080}, Row{"[::1]:0", "::1", 0},
                            Row{"localhost:65535", "localhost", 65535}, Row{"[2001:db8::2]:443", "2001:db8::2", 443},
                            Row{"my-host_1.example:1", "my-host_1.example", 1});
  const auto address = parse_address(row.text);
  REQUIRE(address.has_value());
  CHECK(address->host == row.host);
  CHECK(address->port == row.port);
  CHECK(format_address(*address) == row.text);
}

TEST_CASE("what is no address is refused") {
  const auto* text = GENERATE("", ":80", "host", "host:", "host:65536", "host:080", "::1:80", "[::1]", "[::1]80",
                              "[host]:80", "a b:80", "host:80:90", "[::1:80", "-host:80", "http://host:80");
  CHECK_FALSE(parse_address(text).has_value());
}

TEST_CASE("offsets from UTC are hours and minutes with a sign") {
  CHECK(parse_utc_offset("+02:00") == std::chrono::minutes{120});
  CHECK(parse_utc_offset("-04:30") == std::chrono::minutes{-270});
  CHECK(parse_utc_offset("Z") == std::chrono::minutes{0});
  CHECK(format_utc_offset(std::chrono::minutes{-270}) == "-04:30");
  const auto* text = GENERATE("", "2", "02:00", "+2:00", "+0200", "+14:01", "+15:00", "+02:60", "+ab:cd", "z");
  CHECK_FALSE(parse_utc_offset(text).has_value());
}

TEST_CASE("URLs are http or https with a host, without trailing slash, user, query or fragment") {
  struct Row {
    const char *text, *written, *host;
    bool tls;
  };
  const auto row = GENERATE(Row{"https://erp.example.com/ERP/", "https://erp.example.com/ERP", "erp.example.com", true},
                            Row{"http://localhost:8090", "http://localhost:8090", "localhost", false},
                            Row{"http://[::1]:8090/a/b", "http://[::1]:8090/a/b", "::1", false},
                            Row{"https://h//", "https://h", "h", true});
  const auto url = parse_url(row.text);
  REQUIRE(url.has_value());
  CHECK(url->text == row.written);
  CHECK(url->host == row.host);
  CHECK(url->tls == row.tls);
}

TEST_CASE("what is no URL of an instance is refused") {
  const auto* text = GENERATE("", "https://", "https:///", "erp.example.com", "ftp://h", "HTTPS://h", "https://u:p@h",
                              "https://h?x=1", "https://h#x", "https://h /a", "https://h:0", "https://h:99999",
                              "https://h:", "https://[::1", "https://h\\a", "http:/h", "https://\xC3\xA9");
  CHECK_FALSE(parse_url(text).has_value());
}

TEST_CASE("only addresses that cannot leave the machine are loopback") {
  CHECK(is_loopback("127.0.0.1"));
  CHECK(is_loopback("127.1.2.3"));
  CHECK(is_loopback("::1"));
  CHECK(is_loopback("LOCALHOST"));
  const auto* text = GENERATE("127.example.com", "localhost.example.com", "10.0.0.1", "::2", "127", "1127.0.0.1", "");
  CHECK_FALSE(is_loopback(text));
}
