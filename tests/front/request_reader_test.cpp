#include "front/request_reader.hpp"

#include <algorithm>
#include <vector>

#include "catch.hpp"

using namespace product_sync::front;
using State = RequestReader::State;

namespace {

constexpr std::uint64_t kLongestBody = 20;

/// What came of some bytes.
struct Reading {
  State state = State::head;
  int status = 0;
  std::string code;
  std::string method;
  std::string target;
  std::string body;
  std::string rest;  ///< what was left for the next request

  friend bool operator==(const Reading&, const Reading&) = default;
};

/// Reads the bytes in slices of that size.
Reading read(std::string_view bytes, std::size_t slice, HeadLimits limits = {}) {
  RequestReader reader(limits);
  Reading reading;
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    const auto part = bytes.substr(taken, slice);
    const auto count = reader.read(part);
    taken += count;
    if (reader.state() == State::admission) {
      reading.method = reader.head().method;
      reading.target = reader.head().target;
      reader.admit(kLongestBody);
    }
    if (reader.state() == State::complete || reader.state() == State::refused) break;
  }
  reading.state = reader.state();
  if (reading.state == State::refused) {
    reading.status = reader.refusal().status;
    reading.code = reader.refusal().code;
  } else {
    reading.rest = bytes.substr(taken);
  }
  if (reading.state == State::complete) reading.body = reader.take_body();
  return reading;
}

/// The same, however the bytes are sliced.
Reading read_sliced(std::string_view bytes, HeadLimits limits = {}) {
  const auto whole = read(bytes, bytes.size() + 1, limits);
  for (std::size_t slice = 1; slice <= std::min<std::size_t>(bytes.size(), 40); ++slice) {
    INFO("in slices of " << slice);
    CHECK(read(bytes, slice, limits) == whole);
  }
  return whole;
}

std::string post_with(const std::string& fields, const std::string& body = {}) {
  return "POST /p HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + body;
}
std::string get_with(const std::string& fields) { return "GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n"; }

}  // namespace

TEST_CASE("a request with a length is read whole, and what follows is left alone") {
  const auto reading = read_sliced(post_with("Content-Length: 5\r\n", "helloGET / HTTP/1.1\r\n"));
  CHECK(reading.state == State::complete);
  CHECK(reading.method == "POST");
  CHECK(reading.target == "/p");
  CHECK(reading.body == "hello");
  CHECK(reading.rest == "GET / HTTP/1.1\r\n");
}

TEST_CASE("a chunked body is put together") {
  const auto reading =
      read_sliced(post_with("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n00A\r\n, world!!!\r\n0\r\n\r\nrest"));
  CHECK(reading.state == State::complete);
  CHECK(reading.body == "hello, world!!!");
  CHECK(reading.rest == "rest");
}

TEST_CASE("a request without a body ends with its head") {
  CHECK(read_sliced(get_with("") + "x").rest == "x");
  CHECK(read_sliced(post_with("")).state == State::complete);
  CHECK(read_sliced("GET / HTTP/1.0\r\n\r\n").state == State::complete);
  CHECK(read_sliced("\r\n" + get_with("")).state == State::complete);
}

TEST_CASE("every framing that two readers could read differently is refused") {
  struct Row {
    const char* what;
    std::string bytes;
    int status;
    const char* code;
  };
  const std::vector<Row> rows{
      {"two lengths", post_with("Content-Length: 5\r\nContent-Length: 6\r\n"), 400, "request.content_length"},
      {"two equal lengths", post_with("Content-Length: 5\r\nContent-Length: 5\r\n"), 400, "request.content_length"},
      {"a list of lengths", post_with("Content-Length: 5, 5\r\n"), 400, "request.content_length"},
      {"a negative length", post_with("Content-Length: -1\r\n"), 400, "request.content_length"},
      {"a length with a sign", post_with("Content-Length: +1\r\n"), 400, "request.content_length"},
      {"a hexadecimal length", post_with("Content-Length: 0x5\r\n"), 400, "request.content_length"},
      {"a length with a blank", post_with("Content-Length: 5 5\r\n"), 400, "request.content_length"},
      {"an empty length", post_with("Content-Length:\r\n"), 400, "request.content_length"},
      {"a length of 64 bits", post_with("Content-Length: 18446744073709551615\r\n"), 400, "request.content_length"},
      {"a length beyond 64 bits", post_with("Content-Length: 99999999999999999999\r\n"), 400, "request.content_length"},
      {"both framings", post_with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400, "request.two_framings"},
      {"both, the other way", post_with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400, "request.two_framings"},
      {"two codings", post_with("Transfer-Encoding: gzip, chunked\r\n"), 400, "request.transfer_encoding"},
      {"chunked twice", post_with("Transfer-Encoding: chunked, chunked\r\n"), 400, "request.transfer_encoding"},
      {"two coding fields", post_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400,
       "request.transfer_encoding"},
      {"a coding in disguise",
       post_with("Transfer-Encoding: \x0b"
            "chunked\r\n"),
       400, "request.control_character"},
      {"an unknown coding", post_with("Transfer-Encoding: xchunked\r\n"), 501, "request.transfer_coding"},
      {"chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "request.transfer_encoding"},
      {"a compressed body", post_with("Content-Encoding: gzip\r\nContent-Length: 5\r\n"), 415, "request.content_coding"},
      {"a folded line", get_with("A: b\r\n c\r\n"), 400, "request.folded_line"},
      {"a folded line with a tab", get_with("A: b\r\n\tc\r\n"), 400, "request.folded_line"},
      {"a bare line feed in the request line", "GET / HTTP/1.1\nHost: h\r\n\r\n", 400, "request.bare_line_feed"},
      {"a bare line feed in a field", get_with("A: b\nB: c\r\n"), 400, "request.bare_line_feed"},
      {"a bare line feed at the end", "GET / HTTP/1.1\r\nHost: h\r\n\n", 400, "request.bare_line_feed"},
      {"a bare carriage return", get_with("A: b\rB: c\r\n"), 400, "request.bare_carriage_return"},
      {"two carriage returns", get_with("A: b\r\r\n"), 400, "request.bare_carriage_return"},
      {"a zero byte", get_with(std::string("A: b\0c\r\n", 8)), 400, "request.control_character"},
      {"a delete character", get_with("A: b\x7f\r\n"), 400, "request.control_character"},
      {"a blank before the colon", get_with("Content-Length : 5\r\n"), 400, "request.field"},
      {"a tab before the colon", get_with("Content-Length\t: 5\r\n"), 400, "request.field"},
      {"no name", get_with(": 5\r\n"), 400, "request.field"},
      {"no colon", get_with("Content-Length\r\n"), 400, "request.field"},
      {"a name that is no token", get_with("A(b): c\r\n"), 400, "request.field"},
      {"a name with a byte beyond ASCII", get_with("A\xc3\xbc: c\r\n"), 400, "request.field"},
      {"a chunk extension", post_with("Transfer-Encoding: chunked\r\n", "5;a=b\r\nhello\r\n0\r\n\r\n"), 400,
       "request.chunk"},
      {"a negative chunk", post_with("Transfer-Encoding: chunked\r\n", "-5\r\nhello\r\n"), 400, "request.chunk"},
      {"a chunk with a sign", post_with("Transfer-Encoding: chunked\r\n", "+5\r\nhello\r\n"), 400, "request.chunk"},
      {"a chunk size with 0x", post_with("Transfer-Encoding: chunked\r\n", "0x5\r\nhello\r\n"), 400, "request.chunk"},
      {"a chunk size with a blank", post_with("Transfer-Encoding: chunked\r\n", "5 \r\nhello\r\n"), 400, "request.chunk"},
      {"no chunk size", post_with("Transfer-Encoding: chunked\r\n", "\r\nhello\r\n"), 400, "request.chunk"},
      {"a chunk size that overflows", post_with("Transfer-Encoding: chunked\r\n", "10000000000000005\r\nhello\r\n"), 400,
       "request.chunk"},
      {"a chunk size ended by a line feed", post_with("Transfer-Encoding: chunked\r\n", "5\nhello\r\n0\r\n\r\n"), 400,
       "request.chunk"},
      {"a chunk longer than it says", post_with("Transfer-Encoding: chunked\r\n", "5\r\nhello!\r\n0\r\n\r\n"), 400,
       "request.chunk"},
      {"a chunk ended by a line feed", post_with("Transfer-Encoding: chunked\r\n", "5\r\nhello\n0\r\n\r\n"), 400,
       "request.chunk"},
      {"a trailer", post_with("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\nA: b\r\n\r\n"), 400, "request.trailer"},
      {"a length above the limit", post_with("Content-Length: 21\r\n"), 413, "request.too_large"},
      {"chunks above the limit", post_with("Transfer-Encoding: chunked\r\n", "14\r\n01234567890123456789\r\n1\r\nx\r\n"),
       413, "request.too_large"},
      {"an announced chunk above the limit", post_with("Transfer-Encoding: chunked\r\n", "fffffff\r\n"), 413,
       "request.too_large"},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    const auto reading = read_sliced(row.bytes);
    CHECK(reading.state == State::refused);
    CHECK(reading.status == row.status);
    CHECK(reading.code == row.code);
  }
}

TEST_CASE("a request line is METHOD SP path SP HTTP/1.1, and nothing else") {
  struct Row {
    const char* line;
    int status;
  };
  const std::vector<Row> rows{
      {"GET  / HTTP/1.1", 400},      {"GET /  HTTP/1.1", 400},        {" GET / HTTP/1.1", 400},
      {"GET / HTTP/1.1 ", 400},      {"GET\t/ HTTP/1.1", 400},        {"GET /", 400},
      {"GET / HTTP/1.1.1", 400},     {"GET / http/1.1", 400},         {"GET / HTTP/11", 400},
      {"GET / HTTP/2.0", 505},       {"PRI * HTTP/2.0", 505},         {"GET / HTTP/0.9", 505},
      {"GET / HTTP/1.2", 505},       {"get / HTTP/1.1", 501},         {"BREW / HTTP/1.1", 501},
      {"CONNECT h:1 HTTP/1.1", 501}, {"G(T / HTTP/1.1", 400},         {"GET http://h/ HTTP/1.1", 400},
      {"GET h HTTP/1.1", 400},       {"OPTIONS * HTTP/1.1", 400},     {"GET /a b HTTP/1.1", 400},
      {"GET /a#b HTTP/1.1", 400},    {"GET /\xc3\xbc HTTP/1.1", 400}, {"GET /% HTTP/1.1", 400},
      {"GET /%zz HTTP/1.1", 400},    {"GET /%00 HTTP/1.1", 400},      {"GET /%4 HTTP/1.1", 400},
      {"GET /a\\b HTTP/1.1", 400},
  };
  for (const auto& row : rows) {
    INFO(row.line);
    CHECK(read_sliced(row.line + std::string("\r\nHost: h\r\n\r\n")).status == row.status);
  }
  for (const char* line : {"GET /a/b?c=d&e[]=%20f:@ HTTP/1.1", "DELETE /~x HTTP/1.0", "HEAD // HTTP/1.1"}) {
    INFO(line);
    CHECK(read_sliced(line + std::string("\r\nHost: h\r\n\r\n")).state == State::complete);
  }
}

TEST_CASE("HTTP/1.1 needs exactly one valid Host, HTTP/1.0 none") {
  const auto with = [](const std::string& fields) { return read_sliced("GET / HTTP/1.1\r\n" + fields + "\r\n").code; };
  for (const char* fields :
       {"", "Host: a\r\nHost: a\r\n", "Host:\r\n", "Host: a b\r\n", "Host: a/b\r\n", "Host: u@a\r\n", "Host: a:b\r\n",
        "Host: a:123456\r\n", "Host: [::1\r\n", "Host: [x]\r\n", "Host: [::1]x\r\n", "Host: a,b/\r\n"}) {
    INFO(fields);
    CHECK(with(fields) == "request.host");
  }
  for (const char* fields : {"Host: a\r\n", "hOsT:a:8080\r\n", "Host: [::1]:80\r\n", "Host: 127.0.0.1:\r\n"}) {
    INFO(fields);
    CHECK(with(fields).empty());
  }
  CHECK(read_sliced("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n").code == "request.host");
}

TEST_CASE("a head is bounded in bytes, in fields and in its first line") {
  CHECK(read_sliced("GET /" + std::string(60, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n", {200, 60, 10}).status == 414);
  CHECK(read_sliced(get_with("A: " + std::string(200, 'x') + "\r\n"), {200, 100, 10}).code == "request.head_too_large");
  std::string fields;
  for (int i = 0; i < 10; ++i) fields += "A: b\r\n";
  CHECK(read_sliced(get_with(fields), {200, 100, 10}).code == "request.too_many_fields");  // Host is the eleventh
  CHECK(read_sliced(get_with(fields), {200, 100, 11}).state == State::complete);
}

TEST_CASE("an unknown expectation is 417, 100-continue is told to those who answer it") {
  CHECK(read_sliced(post_with("Expect: a-wonder\r\nContent-Length: 1\r\n", "x")).status == 417);
  RequestReader reader;
  reader.read(post_with("Expect: 100-Continue\r\nContent-Length: 1\r\n"));
  REQUIRE(reader.state() == State::admission);
  CHECK(reader.head().expects_continue);
}

TEST_CASE("whether the connection goes on is as the version and the Connection field say") {
  const auto keeps = [](const std::string& version, const std::string& fields) {
    RequestReader reader;
    reader.read("GET / " + version + "\r\nHost: h\r\n" + fields + "\r\n");
    REQUIRE(reader.state() == State::admission);
    return reader.head().keep_alive;
  };
  CHECK(keeps("HTTP/1.1", ""));
  CHECK_FALSE(keeps("HTTP/1.1", "Connection: close\r\n"));
  CHECK_FALSE(keeps("HTTP/1.1", "Connection: keep-alive , Close\r\n"));
  CHECK_FALSE(keeps("HTTP/1.1", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"));
  CHECK_FALSE(keeps("HTTP/1.0", ""));
  CHECK(keeps("HTTP/1.0", "Connection: Keep-Alive\r\n"));
}

TEST_CASE("field names are in lower case, values without blanks around them") {
  RequestReader reader;
  reader.read(get_with("X-Mixed-CASE:\t some value \t\r\nEmpty:\r\n"));
  REQUIRE(reader.state() == State::admission);
  CHECK(reader.head().fields.find("x-mixed-case") == "some value");
  CHECK(reader.head().fields.count("empty") == 1);
  CHECK(reader.head().path() == "/");
}
