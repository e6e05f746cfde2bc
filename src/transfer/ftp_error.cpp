#include "transfer/ftp_error.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"

namespace product_sync::transfer {
namespace {

/// A kind of error, with what to do about it.
struct Kind {
  const char* code;
  const char* remedy;
  Retry retry;
};

constexpr Kind kAuthFailed{"ftp.auth_failed", "Check user and password; Rithum's user is <login prefix>:<e-mail>.",
                           Retry::never};
constexpr Kind kBusy{"ftp.busy", "The server takes no more sessions now; others may be open for the same user.",
                     Retry::later};
constexpr Kind kNoDirectory{"ftp.no_such_directory",
                            "Create the directory, let the user enter it, or correct it in the configuration.",
                            Retry::never};
constexpr Kind kDenied{"ftp.permission_denied", "Give the user the right to do so on the server.", Retry::never};
constexpr Kind kDiskFull{"ftp.disk_full", "Make room on the server, or raise the user's quota.", Retry::later};
constexpr Kind kDataConnection{"ftp.data_connection_failed",
                               "Commands arrive, data do not: look at the firewalls, the server's passive ports, and "
                               "the options passive and extended.",
                               Retry::later};
constexpr Kind kRefused{"ftp.refused", "The server's log may tell why.", Retry::later};
constexpr Kind kLost{"ftp.connection_lost", "The server or the network ended the connection; its log may tell why.",
                     Retry::later};
constexpr Kind kConnect{"ftp.connect_failed", "Check host and port, that the server runs, and the firewalls between.",
                        Retry::later};
constexpr Kind kHost{"ftp.host_not_found", "Check the spelling of the host and the name server.", Retry::later};
constexpr Kind kTimeout{"ftp.timeout",
                        "Look at the server and the network between; raise the time limits if the server is just slow.",
                        Retry::later};
constexpr Kind kUntrusted{"ftp.certificate_untrusted",
                          "Correct the server's certificate, use the host name it was made for, or name the authority "
                          "that signed it as ca_file.",
                          Retry::never};
constexpr Kind kCaFile{"ftp.ca_file", "ca_file must be a readable PEM file of certificates.", Retry::never};
constexpr Kind kTls{"ftp.tls_failed",
                    "The server may speak no TLS 1.2, or another kind of it: implicit and explicit have ports of their "
                    "own.",
                    Retry::later};
constexpr Kind kNoTls{"ftp.no_tls", "The server does not offer TLS here; ask its operator, or take another port.",
                      Retry::never};
constexpr Kind kNoFile{"ftp.no_such_file", "", Retry::never};
constexpr Kind kUsage{"ftp.bad_address", "Check host and directory in the configuration.", Retry::never};

struct CurlMeaning {
  CURLcode code;
  const Kind* before_sign_in;
  const Kind* after;
};

constexpr CurlMeaning kCurlMeanings[] = {
    {CURLE_COULDNT_RESOLVE_HOST, &kHost, &kHost},
    {CURLE_COULDNT_CONNECT, &kConnect, &kDataConnection},
    {CURLE_OPERATION_TIMEDOUT, &kTimeout, &kTimeout},
    {CURLE_FTP_ACCEPT_FAILED, &kDataConnection, &kDataConnection},
    {CURLE_FTP_ACCEPT_TIMEOUT, &kDataConnection, &kDataConnection},
    {CURLE_FTP_PORT_FAILED, &kDataConnection, &kDataConnection},
    {CURLE_FTP_WEIRD_PASV_REPLY, &kDataConnection, &kDataConnection},
    {CURLE_FTP_WEIRD_227_FORMAT, &kDataConnection, &kDataConnection},
    {CURLE_FTP_CANT_GET_HOST, &kDataConnection, &kDataConnection},
    {CURLE_LOGIN_DENIED, &kAuthFailed, &kAuthFailed},
    {CURLE_PEER_FAILED_VERIFICATION, &kUntrusted, &kUntrusted},
    {CURLE_SSL_CACERT_BADFILE, &kCaFile, &kCaFile},
    {CURLE_SSL_CONNECT_ERROR, &kTls, &kTls},
    {CURLE_USE_SSL_FAILED, &kNoTls, &kNoTls},
    {CURLE_REMOTE_FILE_NOT_FOUND, &kNoFile, &kNoFile},
    {CURLE_URL_MALFORMAT, &kUsage, &kUsage},
};

bool speaks_of_space(const FtpReply& reply) {
  const auto text = to_lower_ascii(reply.text);
  return std::ranges::any_of(std::initializer_list<std::string_view>{"no space", "disk full", "quota", "insufficient"},
                             [&](std::string_view words) { return text.find(words) != std::string::npos; });
}

/// The meaning of a refusal for the command that it answers. RFC 959 has one code, 550, for almost everything.
const Kind* kind_of_refusal(const FtpReply& reply) {
  if (reply.code < 400) return nullptr;
  if (reply.code == 421) return &kBusy;
  if (reply.code == 452 || reply.code == 552 || speaks_of_space(reply)) return &kDiskFull;
  if (reply.code == 425 || reply.code == 522) return &kDataConnection;
  const bool for_good = reply.code >= 500;
  if (reply.verb == "USER" || reply.verb == "PASS" || reply.verb == "ACCT") return for_good ? &kAuthFailed : &kBusy;
  if (reply.verb == "AUTH") return &kNoTls;
  if (reply.verb == "CWD") return for_good ? &kNoDirectory : &kRefused;
  if (reply.verb == "EPSV" || reply.verb == "PASV" || reply.verb == "EPRT" || reply.verb == "PORT") {
    return &kDataConnection;
  }
  return for_good ? &kDenied : &kRefused;
}

const Kind* kind_of_curl(CURLcode code, bool signed_in) {
  for (const auto& meaning : kCurlMeanings) {
    if (meaning.code == code) return signed_in ? meaning.after : meaning.before_sign_in;
  }
  return nullptr;
}

}  // namespace

Error ftp_error(int curl_code, const std::string& detail, const FtpDialogue& dialogue, const std::string& doing) {
  const auto code = static_cast<CURLcode>(curl_code);
  const auto error = [&](const Kind& kind, const std::string& why) {
    return Error{kind.code, fmt::format("{} failed: {}.", doing, why), kind.remedy, kind.retry, std::nullopt};
  };
  // A connection that could not be made, or is not to be trusted, says more than the last polite reply before.
  if (const auto* kind = kind_of_curl(code, dialogue.signed_in());
      kind != nullptr && (kind->retry == Retry::never || kind == &kTimeout) && kind != &kAuthFailed) {
    return error(*kind, detail);
  }
  if (!dialogue.replies().empty()) {
    if (const auto* kind = kind_of_refusal(dialogue.replies().back())) return error(*kind, dialogue.last_words());
  }
  if (const auto* kind = kind_of_curl(code, dialogue.signed_in())) return error(*kind, detail);
  return error(kLost, detail);
}

}  // namespace product_sync::transfer
