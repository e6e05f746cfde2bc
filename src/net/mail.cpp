#include "net/mail.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>

#include "base/base64.hpp"
#include "base/digest.hpp"

namespace product_sync::net {
namespace {

constexpr std::size_t kBase64Line = 76;       // RFC 2045 §6.8
constexpr std::size_t kEncodedWordBytes = 42;  // of text; RFC 2047 §2 allows a word of 75 characters

struct MailEasyDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct MailListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// What libcurl reads from.
struct Upload {
  std::string text;
  std::size_t done = 0;
};

std::size_t on_mail_read(char* buffer, std::size_t size, std::size_t count, void* user) {
  auto& upload = *static_cast<Upload*>(user);
  const auto bytes = std::min(size * count, upload.text.size() - upload.done);
  std::memcpy(buffer, upload.text.data() + upload.done, bytes);
  upload.done += bytes;
  return bytes;
}

int on_mail_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<std::stop_token*>(user)->stop_requested() ? 1 : 0;
}

std::string in_lines(const std::string& base64) {
  std::string lines;
  for (std::size_t at = 0; at < base64.size(); at += kBase64Line) {
    lines.append(base64, at, kBase64Line).append("\r\n");
  }
  return lines;
}

/// RFC 2047: words of base64, each of whole characters.
std::string encoded_subject(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    auto bytes = std::min(text.size(), kEncodedWordBytes);
    while (bytes > 1 && bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
    if (!line.empty()) line += "\r\n ";
    line += fmt::format("=?UTF-8?B?{}?=", to_base64(text.substr(0, bytes)));
    text.remove_prefix(bytes);
  }
  return line;
}

/// RFC 5322 §3.3, in UTC.
std::string date_text(Instant instant) {
  using namespace std::chrono;
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(instant);
  const year_month_day date(day);
  const hh_mm_ss time(floor<seconds>(instant - day));
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", kDays[weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string joined(const std::vector<std::string>& addresses) {
  std::string text;
  for (const auto& address : addresses) text.append(text.empty() ? "" : ", ").append(address);
  return text;
}

struct MailFault {
  CURLcode code;
  const char* error;
  const char* remedy;
  Retry retry;
};
constexpr std::array kMailFaults{
    MailFault{CURLE_COULDNT_CONNECT, "mail.connect_failed", "Check the server's address and the firewall.", Retry::later},
    MailFault{CURLE_COULDNT_RESOLVE_HOST, "mail.connect_failed", "Check the server's name.", Retry::later},
    MailFault{CURLE_OPERATION_TIMEDOUT, "mail.connect_failed", "Check the server's address and port.", Retry::later},
    MailFault{CURLE_USE_SSL_FAILED, "mail.tls", "The server offers no TLS: name another port or server.", Retry::never},
    MailFault{CURLE_SSL_CONNECT_ERROR, "mail.tls", "Check the port: smtps:// and smtp:// have ports of their own.",
              Retry::later},
    MailFault{CURLE_PEER_FAILED_VERIFICATION, "mail.tls", "Name the authority that signed the certificate as CA file.",
              Retry::never},
    MailFault{CURLE_SSL_CACERT_BADFILE, "mail.tls", "Check the CA file.", Retry::never},
    MailFault{CURLE_LOGIN_DENIED, "mail.login", "Check user and password.", Retry::never},
    MailFault{CURLE_SEND_ERROR, "mail.broken", "", Retry::later},
};

tl::unexpected<Error> mail_error(CURLcode code, const std::string& detail, const MailServer& server) {
  const auto known = std::ranges::find(kMailFaults, code, &MailFault::code);
  const auto message = fmt::format("{}: {}.", server.url, detail);
  if (known == kMailFaults.end()) {
    return fail("mail.refused", message, "Check the addresses, and what the server allows.", Retry::later);
  }
  return fail(known->error, message, known->remedy, known->retry);
}

}  // namespace

std::string written(const Mail& mail) {
  const auto domain = mail.from.substr(std::min(mail.from.find('@'), mail.from.size() - 1) + 1);
  return fmt::format(
      "Date: {}\r\nFrom: {}\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: <{}@{}>\r\nAuto-Submitted: auto-generated\r\n"
      "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
      date_text(mail.date), mail.from, joined(mail.to), encoded_subject(mail.subject), random_hex(16), domain,
      in_lines(to_base64(mail.text)));
}

Result<void> send_mail(const MailServer& server, const Mail& mail, std::stop_token stop) {
  const std::unique_ptr<CURL, MailEasyDeleter> easy(curl_easy_init());
  if (!easy) throw std::bad_alloc();
  std::unique_ptr<curl_slist, MailListDeleter> to;
  for (const auto& address : mail.to) {
    auto* longer = curl_slist_append(to.get(), address.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(to.release());
    to.reset(longer);
  }
  Upload upload{written(mail)};
  std::array<char, CURL_ERROR_SIZE> detail{};
  auto* const handle = easy.get();
  curl_easy_setopt(handle, CURLOPT_URL, server.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(handle, CURLOPT_PROXY, "");  // the environment's are for HTTP
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_USE_SSL, static_cast<long>(server.allow_plain ? CURLUSESSL_TRY : CURLUSESSL_ALL));
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!server.ca_file.empty()) {
    curl_easy_setopt(handle, CURLOPT_CAINFO, server.ca_file.c_str());
    curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);  // the system directory would be trusted beside it
  }
  if (!server.user.empty()) {
    curl_easy_setopt(handle, CURLOPT_USERNAME, server.user.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, server.password.reveal().c_str());
  }
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, static_cast<long>(server.longest.count()));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, static_cast<long>(server.longest.count()));
  curl_easy_setopt(handle, CURLOPT_MAIL_FROM, mail.from.c_str());
  curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, to.get());
  curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(handle, CURLOPT_READFUNCTION, &on_mail_read);
  curl_easy_setopt(handle, CURLOPT_READDATA, &upload);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &on_mail_progress);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &stop);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail.data());
  const auto code = curl_easy_perform(handle);
  if (code == CURLE_OK) return {};
  if (stop.stop_requested()) return cancelled(fmt::format("Sending mail by {}", server.url));
  return mail_error(code, detail[0] != '\0' ? detail.data() : curl_easy_strerror(code), server);
}

}  // namespace product_sync::net
