#include "transfer/ssh_session.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace product_sync::transfer {
namespace {

struct MethodOrder {
  int method;
  const char* list;
};

// No CBC (Terrapin's second half, and weak besides), no MD5, no cut MACs. MACs over the encrypted text come behind:
// some servers offer nothing else.
constexpr const char* kCiphers =
    "aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com";
constexpr const char* kMacs =
    "hmac-sha2-256,hmac-sha2-512,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha1";
constexpr std::array<MethodOrder, 4> kMethods{{
    {LIBSSH2_METHOD_CRYPT_CS, kCiphers},
    {LIBSSH2_METHOD_CRYPT_SC, kCiphers},
    {LIBSSH2_METHOD_MAC_CS, kMacs},
    {LIBSSH2_METHOD_MAC_SC, kMacs},
}};

bool knows(LIBSSH2_SESSION* session, int method, std::string_view name) {
  const char** names = nullptr;
  const int count = libssh2_session_supported_algs(session, method, &names);
  if (count <= 0) return false;
  const bool found = std::find(names, names + count, name) != names + count;
  libssh2_free(session, names);
  return found;
}

/// Sets the order of a method to the names of `list` that libssh2 knows; whether there are any.
/// (libssh2_session_method_pref would drop unknown names itself, but 1.10 does so by a memcpy between overlapping
/// ranges.)
bool prefer(LIBSSH2_SESSION* session, int method, std::string_view list) {
  std::string known;
  while (!list.empty()) {
    const auto comma = list.find(',');
    const auto name = list.substr(0, comma);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    if (!knows(session, method, name)) continue;
    if (!known.empty()) known += ',';
    known += name;
  }
  return !known.empty() && libssh2_session_method_pref(session, method, known.c_str()) == 0;
}

/// libssh2_init once in the life of the process, before any session; thread-safe. Never undone: others may use the
/// library.
void start_libssh2() {
  static const int code = libssh2_init(0);
  if (code != 0) throw std::runtime_error("libssh2 cannot be initialised");
}

Error handshake_error(int code, const std::string& reason, const Limit& limit) {
  if (code != LIBSSH2_ERROR_KEX_FAILURE && code != LIBSSH2_ERROR_METHOD_NONE &&
      code != LIBSSH2_ERROR_METHOD_NOT_SUPPORTED) {
    return connection_lost(limit.doing, reason);
  }
  return {"sftp.no_common_algorithm",
          fmt::format("{} failed: the server offers no algorithms that libssh2 {} and our rules allow ({}).",
                      limit.doing, libssh2_version(0), reason),
          "A server with nothing but RSA host keys needs libssh2 1.11 or newer (Debian 13, the container image); CBC "
          "ciphers "
          "are not used.",
          Retry::never, std::nullopt};
}

}  // namespace

Error connection_lost(const std::string& doing, const std::string& reason) {
  return {"sftp.connection_lost", fmt::format("{} failed: {}.", doing, reason),
          "The server or the network ended the connection; its log may tell why.", Retry::later, std::nullopt};
}

SshSession::SshSession(FileDescriptor socket) : socket_(std::move(socket)), session_(libssh2_session_init()) {
  if (session_ == nullptr) throw std::bad_alloc();
}

Result<std::unique_ptr<SshSession>> SshSession::handshake(FileDescriptor socket, const std::string& algorithms,
                                                          const Limit& limit) {
  start_libssh2();
  std::unique_ptr<SshSession> session(new SshSession(std::move(socket)));
  LIBSSH2_SESSION* raw = session->get();
  libssh2_session_set_blocking(raw, 0);
  bool preferred = prefer(raw, LIBSSH2_METHOD_HOSTKEY, algorithms);
  for (const auto& order : kMethods) preferred = preferred && prefer(raw, order.method, order.list);
  if (!preferred) {
    return tl::unexpected(
        handshake_error(LIBSSH2_ERROR_METHOD_NOT_SUPPORTED, "none of the algorithms is known", limit));
  }
  libssh2_keepalive_config(raw, 1, 30);

  const auto code = session->finish([&] { return libssh2_session_handshake(raw, session->socket()); }, limit);
  if (!code) return tl::unexpected(code.error());
  if (*code != 0) {
    auto error = handshake_error(*code, session->last_error(), limit);
    session->abandon();
    return tl::unexpected(std::move(error));
  }
  return session;
}

SshSession::~SshSession() {
  if (usable_) libssh2_session_disconnect(session_, "done");  // one try: a courtesy is not worth waiting for
  abandon();
  libssh2_session_free(session_);
}

HostKey SshSession::host_key() const {
  std::size_t length = 0;
  int type = 0;
  const char* blob = libssh2_session_hostkey(session_, &length, &type);
  return HostKey::from_blob(blob == nullptr ? std::string() : std::string(blob, length));
}

std::string SshSession::last_error() const {
  char* text = nullptr;
  int length = 0;
  libssh2_session_last_error(session_, &text, &length, 0);
  return {text, static_cast<std::size_t>(length)};
}

void SshSession::abandon() {
  usable_ = false;
  channel_ = nullptr;
  ::shutdown(socket_.get(), SHUT_RDWR);
  libssh2_session_set_blocking(session_, 1);  // no EAGAIN any more: on this socket every call fails at once
  libssh2_session_set_timeout(session_, 1000);
}

Result<void> SshSession::await(const Limit& limit) {
  const int directions = libssh2_session_block_directions(session_);
  short events = 0;
  if ((directions & LIBSSH2_SESSION_BLOCK_OUTBOUND) != 0) events |= POLLOUT;
  if ((directions & LIBSSH2_SESSION_BLOCK_INBOUND) != 0 || events == 0) events |= POLLIN;
  if (channel_ != nullptr && libssh2_channel_eof(channel_) == 1) {
    abandon();
    return tl::unexpected(connection_lost(limit.doing, "the server has ended SFTP"));
  }
  auto waited = await_socket(socket_.get(), events, limit);
  if (!waited) abandon();
  return waited;
}

}  // namespace product_sync::transfer
