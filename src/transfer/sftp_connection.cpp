#include "transfer/sftp_connection.hpp"

#include <fmt/format.h>

#include "transfer/host_key_pins.hpp"
#include "transfer/ssh_login.hpp"
#include "transfer/tcp_connection.hpp"

namespace product_sync::transfer {
namespace {

/// A session with a server that showed a pinned key. A fingerprint does not tell which of the server's keys it belongs
/// to, so a mismatch is followed by another connection that asks for the other types, until there are none.
Result<std::unique_ptr<SshSession>> open_trusted(const SftpOptions& options, const HostKeyPins& pins,
                                                 const Limit& limit) {
  std::vector<HostKey> offered;
  std::vector<std::string> seen_types;
  for (;;) {
    const auto algorithms = host_key_algorithms(pins.known_types(), seen_types);
    if (algorithms.empty()) break;
    auto socket = connect_tcp(options.host, options.port, limit);
    if (!socket) return tl::unexpected(socket.error());
    auto session = SshSession::handshake(std::move(*socket), algorithms, limit);
    if (!session && session.error().code == "sftp.no_common_algorithm" && !offered.empty()) break;
    if (!session) return session;

    auto key = (*session)->host_key();
    const auto verdict = pins.judge(key);
    if (verdict == KeyVerdict::trusted) return session;
    seen_types.push_back(key.type);
    offered.push_back(std::move(key));
    const bool another_may_match = verdict == KeyVerdict::changed && pins.types_unknown();
    if (!another_may_match) return tl::unexpected(pins.refusal({offered.back()}, verdict));
  }
  return tl::unexpected(pins.refusal(offered, KeyVerdict::changed));
}

}  // namespace

Result<std::unique_ptr<SftpConnection>> SftpConnection::open(const SftpOptions& options, const Limit& limit) {
  const Credentials credentials{options.user, options.password, options.private_key, options.passphrase};
  if (auto fit = check_credentials(credentials); !fit) return tl::unexpected(fit.error());
  const auto pins = HostKeyPins::load(options.host_key_fingerprints, options.known_hosts, options.host, options.port);
  if (!pins) return tl::unexpected(pins.error());

  auto session = open_trusted(options, *pins, limit);
  if (!session) return tl::unexpected(session.error());
  if (auto signed_in = log_in(**session, credentials, limit); !signed_in) return tl::unexpected(signed_in.error());

  LIBSSH2_SESSION* raw = (*session)->get();
  Limit start_limit = limit;
  start_limit.doing += " worked; starting SFTP there";
  const auto sftp = (*session)->finish_pointer([&] { return libssh2_sftp_init(raw); }, start_limit);
  if (!sftp) return tl::unexpected(sftp.error());
  if (*sftp == nullptr) {
    const auto reason = (*session)->last_error();
    (*session)->abandon();
    return fail("sftp.no_sftp", fmt::format("{} failed: signed in, but SFTP does not start ({}).", limit.doing, reason),
                "Ask the operator of the server to allow the sftp subsystem for this user.", Retry::later);
  }
  (*session)->watch(libssh2_sftp_get_channel(*sftp));
  return std::unique_ptr<SftpConnection>(new SftpConnection(std::move(*session), *sftp));
}

SftpConnection::SftpConnection(std::unique_ptr<SshSession> session, LIBSSH2_SFTP* sftp)
    : session_(std::move(session)), sftp_(sftp) {}

SftpConnection::~SftpConnection() {
  if (session_->usable()) libssh2_session_disconnect(session_->get(), "done");
  session_->abandon();
  libssh2_sftp_shutdown(sftp_);
}

Error SftpConnection::failure(SftpRequest request, const std::string& subject, const Limit& limit) {
  if (session_->last_code() == LIBSSH2_ERROR_SFTP_PROTOCOL) {
    return sftp_error(request, libssh2_sftp_last_error(sftp_), subject);
  }
  auto error = connection_lost(limit.doing, session_->last_error());
  session_->abandon();
  return error;
}

SftpHandle::~SftpHandle() {
  if (handle_ == nullptr) return;
  connection_.session().abandon();
  libssh2_sftp_close_handle(handle_);
}

Result<void> SftpHandle::close(SftpRequest request, const std::string& subject, const Limit& limit) {
  auto closed = connection_.session().finish([&] { return libssh2_sftp_close_handle(handle_); }, limit);
  if (!closed) return tl::unexpected(closed.error());  // not through: the destructor frees it
  handle_ = nullptr;
  if (*closed < 0) return tl::unexpected(connection_.failure(request, subject, limit));
  return {};
}

}  // namespace product_sync::transfer
