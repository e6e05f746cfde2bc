#include "front/proxy_header.hpp"

#include "catch.hpp"
#include "front/forwarded_for.hpp"

using namespace product_sync;
using namespace product_sync::front;
using HeaderState = ProxyHeader::State;

namespace {

struct HeaderReading {
  HeaderState state;
  std::string client;
  std::string rest;
  friend bool operator==(const HeaderReading&, const HeaderReading&) = default;
};

HeaderReading read_header(std::string_view bytes, std::size_t slice) {
  ProxyHeader header;
  std::size_t taken = 0;
  while (taken < bytes.size() && header.state() == HeaderState::reading) taken += header.read(bytes.substr(taken, slice));
  return {header.state(), header.client() ? header.client()->text() : "", std::string(bytes.substr(taken))};
}

HeaderReading read_header_sliced(std::string_view bytes) {
  const auto whole = read_header(bytes, bytes.size());
  for (std::size_t slice = 1; slice < bytes.size(); ++slice) CHECK(read_header(bytes, slice) == whole);
  return whole;
}

std::string binary(char command, char family, const std::string& rest) {
  return std::string("\r\n\r\n\0\r\nQUIT\n", 12) + command + family + static_cast<char>(rest.size() / 256) +
         static_cast<char>(rest.size() % 256) + rest;
}

}  // namespace

TEST_CASE("a PROXY line tells the client's address, and takes no byte of what follows") {
  CHECK(read_header_sliced("PROXY TCP4 203.0.113.9 10.0.0.1 4711 443\r\nGET /") ==
        HeaderReading{HeaderState::complete, "203.0.113.9", "GET /"});
  CHECK(read_header_sliced("PROXY TCP6 2001:db8::9 ::1 4711 443\r\n").client == "2001:db8::9");
  CHECK(read_header_sliced("PROXY UNKNOWN anything at all\r\nx") == HeaderReading{HeaderState::complete, "", "x"});
}

TEST_CASE("a binary PROXY header tells the client's address") {
  const std::string v4("\xcb\x00\x71\x09\x0a\x00\x00\x01\x12\x67\x01\xbb", 12);
  CHECK(read_header_sliced(binary('\x21', '\x11', v4) + "GET /") == HeaderReading{HeaderState::complete, "203.0.113.9", "GET /"});
  CHECK(read_header_sliced(binary('\x21', '\x11', v4 + "more") + "x") == HeaderReading{HeaderState::complete, "203.0.113.9", "x"});
  CHECK(read_header_sliced(binary('\x20', '\x11', v4) + "x") == HeaderReading{HeaderState::complete, "", "x"});  // a health check
  CHECK(read_header_sliced(binary('\x21', '\x21', std::string(36, '\x01'))).client == "101:101:101:101:101:101:101:101");
}

TEST_CASE("what is no PROXY header is malformed") {
  for (const std::string& bytes :
       {std::string("GET / HTTP/1.1\r\n"), std::string("PROXY TCP4 203.0.113.9\r\n"),
        std::string("PROXY TCP4 203.0.113.999 10.0.0.1 1 2\r\n"),
        std::string("PROXY TCP4 1.2.3.4 10.0.0.1 1 65536\r\n"), std::string("PROXY TCP4  1.2.3.4 10.0.0.1 1 2\r\n"),
        "PROXY UNKNOWN " + std::string(200, 'x'), binary('\x11', '\x11', std::string(12, 'x')),
        binary('\x21', '\x11', "short"), binary('\x22', '\x11', std::string(12, 'x')),
        binary('\x21', '\x11', std::string(1'025, 'x'))}) {
    INFO(bytes);
    CHECK(read_header_sliced(bytes).state == HeaderState::malformed);
  }
}

TEST_CASE("X-Forwarded-For counts only from trusted proxies, and from the right") {
  const std::vector<IpRange> trusted{*IpRange::parse("10.0.0.0/8"), *IpRange::parse("127.0.0.1")};
  const auto client = [&](const char* peer, std::vector<std::string> fields) {
    Fields head;
    for (const auto& value : fields) head.add("X-Forwarded-For", value);
    return client_behind(*IpAddress::parse(peer), head, trusted).text();
  };
  CHECK(client("203.0.113.1", {"198.51.100.7"}) == "203.0.113.1");
  CHECK(client("10.0.0.1", {"198.51.100.7"}) == "198.51.100.7");
  CHECK(client("10.0.0.1", {"6.6.6.6, 198.51.100.7, 10.1.1.1"}) == "198.51.100.7");
  CHECK(client("10.0.0.1", {"6.6.6.6", "198.51.100.7"}) == "198.51.100.7");
  CHECK(client("10.0.0.1", {"10.2.2.2, 10.1.1.1"}) == "10.2.2.2");
  CHECK(client("10.0.0.1", {"6.6.6.6, nonsense"}) == "10.0.0.1");
  CHECK(client("10.0.0.1", {}) == "10.0.0.1");
}
