#include "framing_cases.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "served_listener.hpp"

namespace product_sync::hostile {
namespace {

using std::string_view_literals::operator""sv;

std::string body() { return notification_body(new_id()); }

/// A POST whose Content-Length, or what stands for it, is `framing`: header lines with their ends.
std::string framed(std::string_view framing, const std::string& payload = body()) {
  return intake_head(framing) + payload;
}

std::string with_length(const std::string& payload, std::string_view more = {}) {
  return framed(fmt::format("{}Content-Length: {}\r\n", more, payload.size()), payload);
}

/// A correct request but for `value` in the place of its Content-Length.
std::string length_of(std::string_view value) { return framed(fmt::format("Content-Length: {}\r\n", value)); }

std::string chunked(const std::string& chunks, std::string_view more = {}) {
  return framed(fmt::format("Transfer-Encoding: chunked\r\n{}", more), chunks);
}

/// A chunked request whose one chunk has `line` (with its end) in the place of its size.
std::string chunk_line(std::string_view line) { return chunked(fmt::format("{}{}\r\n0\r\n\r\n", line, body())); }

std::string coding(std::string_view value) {
  return framed(fmt::format("Transfer-Encoding: {}\r\n", value), chunk(body()) + "0\r\n\r\n");
}

/// A correct request that has `line` (with its end) among its header lines.
std::string header(std::string_view line) { return with_length(body(), line); }

/// A correct request but for its first line.
std::string request_line(std::string_view line) {
  const auto payload = body();
  return fmt::format("{}\r\nHost: localhost\r\n{}Content-Length: {}\r\n\r\n{}", line, kSecretHeader, payload.size(),
                     payload);
}

std::string target(std::string_view text) { return request_line(fmt::format("POST {} HTTP/1.1", text)); }

std::string hosts(std::string_view lines) {
  const auto payload = body();
  return fmt::format("POST {} HTTP/1.1\r\n{}{}Content-Length: {}\r\n\r\n{}", kNotificationsTarget, lines, kSecretHeader,
                     payload.size(), payload);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string size_and(std::string_view behind) { return fmt::format("{:x}{}", body().size(), behind); }

/// Cases one by one: as elements of one list, their temporaries would cost the compiler a minute.
struct Cases {
  std::vector<FramingCase> cases;
  void operator()(const char* name, std::string bytes, std::set<int> answers) {
    cases.push_back({name, std::move(bytes), std::move(answers)});
  }
};

}  // namespace

std::vector<FramingCase> refused_framings() {
  const auto length = std::to_string(body().size());
  const std::set<int> coding_refused{400, 501};
  const std::set<int> target_refused{400, 404};
  Cases add;

  // Which of two lengths counts?
  add("a length and chunks", chunked(chunk(body()) + "0\r\n\r\n", "Content-Length: 5\r\n"), {400});
  add("chunks and a length", framed("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", chunk(body()) + "0\r\n\r\n"),
      {400});
  add("two lengths that differ", framed(fmt::format("Content-Length: {}\r\nContent-Length: 4\r\n", length)), {400});
  add("two lengths that agree", framed(fmt::format("Content-Length: {0}\r\nContent-Length: {0}\r\n", length)), {400});
  add("a list of lengths", length_of(length + ", " + length), {400});
  add("no length", framed(""), {411});

  // Lengths that readers disagree about
  add("a length with a plus", length_of("+" + length), {400});
  add("a negative length", length_of("-5"), {400});
  add("a hexadecimal length", length_of("0x10"), {400});
  add("a length with a blank inside", length_of("1 0"), {400});
  add("a length with a letter", length_of(length + "x"), {400});
  add("a length with a fraction", length_of(length + ".0"), {400});
  add("an empty length", length_of(""), {400});
  add("a length beyond 64 bits", length_of("18446744073709551617"), {400, 413});
  add("a length of 64 bits", length_of("18446744073709551615"), {400, 413});
  add("a length with a tab behind it", length_of(length + "\t"), {400});
  add("a length with a tab before it", length_of("\t" + length), {400});
  add("a length with a vertical tab", length_of("\v" + length), {400});

  // Codings
  add("an unknown coding", coding("xchunked"), coding_refused);
  add("gzip before chunked", coding("gzip, chunked"), coding_refused);
  add("chunked before gzip", coding("chunked, gzip"), coding_refused);
  add("chunked twice in one line", coding("chunked, chunked"), coding_refused);
  add("chunked twice",
      framed("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunk(body()) + "0\r\n\r\n"),
      coding_refused);
  add("chunked and identity",
      framed("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", chunk(body()) + "0\r\n\r\n"),
      coding_refused);
  add("identity as a transfer coding",
      framed(fmt::format("Transfer-Encoding: identity\r\nContent-Length: {}\r\n", length)), coding_refused);
  add("an empty coding", coding(""), coding_refused);
  add("chunked behind a tab", coding("\tchunked"), {400});
  add("chunked before a tab", coding("chunked\t"), {400});
  add("chunked behind a vertical tab", coding("\vchunked"), coding_refused);
  add("chunked in quotes", coding("\"chunked\""), coding_refused);
  add("chunked with a parameter", coding("chunked;q=1"), coding_refused);
  add("chunked for HTTP/1.0", replaced(coding("chunked"), "HTTP/1.1", "HTTP/1.0"), coding_refused);
  add("a compressed body", header("Content-Encoding: gzip\r\n"), {415});

  // Sizes of chunks
  add("a negative chunk size", chunk_line("-1\r\n"), {400});
  add("a chunk size with a plus", chunk_line("+" + size_and("\r\n")), {400});
  add("a chunk size with 0x", chunk_line("0x" + size_and("\r\n")), {400});
  add("a chunk size behind a blank", chunk_line(" " + size_and("\r\n")), {400});
  add("a chunk size that is no number", chunk_line("xyz\r\n"), {400});
  add("an empty chunk size", chunk_line("\r\n"), {400});
  add("a chunk size beyond 64 bits", chunk_line("10000000000000000" + size_and("\r\n")), {400, 413});
  add("a chunk size of 64 bits", chunk_line("ffffffffffffffff\r\n"), {400, 413});
  add("a chunk size ended by LF alone", chunk_line(size_and("\n")), {400});
  add("a chunk size ended by CR alone", chunk_line(size_and("\r")), {400});
  add("a chunk longer than its size", chunk_line("5\r\n"), {400});
  add("a chunk without its CRLF", chunked(size_and("\r\n") + body() + "0\r\n\r\n"), {400});
  add("a chunk ended by LF alone", chunked(size_and("\r\n") + body() + "\n0\r\n\r\n"), {400});
  add("an LF within a chunk extension", chunk_line(size_and(";a\nb\r\n")), {400});
  add("a CR within a chunk extension", chunk_line(size_and(";a\rb\r\n")), {400});
  add("an endless chunk extension", chunk_line(size_and(";" + std::string(100'000, 'x') + "\r\n")), {400, 413, 431});
  add("endless trailers",
      chunked(chunk(body()) + "0\r\n" + replaced(std::string(20'000, '.'), ".", "A: b\r\n") + "\r\n"), {400, 413, 431});
  add("a trailer with a folded line", chunked(chunk(body()) + "0\r\nA: b\r\n c\r\n\r\n"), {400});
  add("a trailer without a colon", chunked(chunk(body()) + "0\r\nA\r\n\r\n"), {400});
  add("a trailer ended by LF alone", chunked(chunk(body()) + "0\r\nA: b\n\r\n"), {400});

  // Ends of lines, and bytes that must not be in a head
  add("LF alone everywhere", replaced(header(""), "\r\n", "\n"), {400});
  add("LF alone behind a header", header("A: b\n"), {400});
  add("LF alone behind the head", replaced(header(""), "\r\n\r\n", "\r\n\n"), {400});
  add("CR alone behind a header", header("A: b\rC: d\r\n"), {400});
  add("CR alone before CRLF", header("A: b\r\r\n"), {400});
  add("CR alone behind the request line", replaced(header(""), "HTTP/1.1\r\n", "HTTP/1.1\r"), {400});
  add("zero in a header", header("A: b\0c\r\n"sv), {400});
  add("zero in a header's name", header("A\0: b\r\n"sv), {400});
  add("a control character in a header", header("A: b\x01\r\n"), {400});
  add("DEL in a header", header("A: b\x7f\r\n"), {400});
  add("a folded line", header("A: b\r\n c\r\n"), {400});
  add("a folded Content-Length", framed(fmt::format("Content-Length:\r\n {}\r\n", length)), {400});
  add("a blank before the first header", replaced(header(""), "\r\nHost", "\r\n Host"), {400});
  add("a blank before a colon", framed(fmt::format("Content-Length : {}\r\n", length)), {400});
  add("a blank in a header's name", header("A b: c\r\n"), {400});
  add("a header without a name", header(": b\r\n"), {400});
  add("a header without a colon", header("A\r\n"), {400});
  add("a slash in a header's name", header("A/b: c\r\n"), {400});
  add("letters beyond ASCII in a header's name", header("\xc3\xa4: c\r\n"), {400});

  // The first line
  add("no version", request_line(fmt::format("POST {}", kNotificationsTarget)), {400, 505});
  add("HTTP/0.9", request_line(fmt::format("POST {} HTTP/0.9", kNotificationsTarget)), {400, 505});
  add("HTTP/2.0", request_line(fmt::format("POST {} HTTP/2.0", kNotificationsTarget)), {505});
  add("HTTP/1.10", request_line(fmt::format("POST {} HTTP/1.10", kNotificationsTarget)), {400, 505});
  add("a version in small letters", request_line(fmt::format("POST {} http/1.1", kNotificationsTarget)), {400, 505});
  add("a blank behind the version", request_line(fmt::format("POST {} HTTP/1.1 ", kNotificationsTarget)), {400, 505});
  add("two blanks behind the method", request_line(fmt::format("POST  {} HTTP/1.1", kNotificationsTarget)), {400});
  add("two blanks before the version", request_line(fmt::format("POST {}  HTTP/1.1", kNotificationsTarget)), {400});
  add("tabs for blanks", request_line(fmt::format("POST\t{}\tHTTP/1.1", kNotificationsTarget)), {400});
  add("a blank before the method", request_line(fmt::format(" POST {} HTTP/1.1", kNotificationsTarget)), {400});
  add("an unknown method", request_line(fmt::format("BREW {} HTTP/1.1", kNotificationsTarget)), {405, 501});
  add("a method in small letters", request_line(fmt::format("post {} HTTP/1.1", kNotificationsTarget)),
      {400, 405, 501});
  add("a method that is no token", request_line(fmt::format("PO(ST {} HTTP/1.1", kNotificationsTarget)), {400, 501});
  add("no method", request_line(fmt::format("{} HTTP/1.1", kNotificationsTarget)), {400});
  add("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 505});
  add("CONNECT", request_line("CONNECT localhost:443 HTTP/1.1"), {400, 405, 501});
  add("zero bytes", std::string(64, '\0'), {400});
  add("the hello of TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + std::string(100, '\xaa'),
      {400});

  // Targets
  add("a blank in the target", target("/v1/sites/eu/noti fications"), {400});
  add("a fragment", target("/v1/sites/eu/notifications#a"), {400});
  add("a control character in the target", target("/v1/sites/eu/notifications\x01"), {400});
  add("letters beyond ASCII in the target", target("/v1/sites/eu/notifications\xc3\xa4"), {400, 404});
  add("a target without a slash", target("v1/sites/eu/notifications"), {400});
  add("a target of dots", target("/v1/sites/eu/../eu/notifications"), target_refused);
  add("a target of encoded dots", target("/v1/sites/eu/%2e%2e/eu/notifications"), target_refused);
  add("a doubled slash", target("//v1/sites/eu/notifications"), target_refused);
  add("a target of 20,000 characters", target("/" + std::string(20'000, 'a')), {400, 414, 431});

  // Host
  add("no Host", hosts(""), {400});
  add("two Hosts", hosts("Host: localhost\r\nHost: example.com\r\n"), {400});
  add("a Host with a blank", hosts("Host: local host\r\n"), {400});
  add("a Host with a path", hosts("Host: localhost/a\r\n"), {400});
  add("a Host with a user", hosts("Host: a@localhost\r\n"), {400});

  // Others
  add("an unknown expectation", header("Expect: 200-maybe\r\n"), {417});
  return add.cases;
}

std::vector<FramingCase> accepted_framings() {
  std::string small_chunks;
  for (const char byte : body()) small_chunks += chunk(std::string_view(&byte, 1));
  const std::set<int> taken{200};
  Cases add;
  add("a plain request", header(""), taken);
  add("chunks", chunked(chunk(body()) + "0\r\n\r\n"), taken);
  add("chunks of one byte", chunked(small_chunks + "0\r\n\r\n"), taken);
  add("chunked in capitals", coding("CHUNKED"), taken);
  add("names in small letters", replaced(header(""), "Content-Length", "content-length"), taken);
  add("blanks around a value", header("A: \t b \t\r\n"), taken);
  add("an empty header", header("A:\r\n"), taken);
  add("letters beyond ASCII in a value", header("A: \xc3\xa4\r\n"), taken);
  add("an offer of HTTP/2",
      header("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"), taken);
  add("HTTP/1.0", replaced(header(""), "HTTP/1.1", "HTTP/1.0"), taken);
  add("HTTP/1.0 without Host", replaced(hosts(""), "HTTP/1.1", "HTTP/1.0"), taken);
  return add.cases;
}

}  // namespace product_sync::hostile
