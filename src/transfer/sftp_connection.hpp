#pragma once

#include <libssh2.h>
#include <libssh2_sftp.h>

#include <memory>
#include <string>

#include "transfer/sftp_destination.hpp"
#include "transfer/sftp_error.hpp"
#include "transfer/ssh_session.hpp"

namespace product_sync::transfer {

/// A signed-in SFTP channel to a server whose host key is pinned. Unusable after the first failure that is not a status
/// of the server; then open another.
class SftpConnection {
 public:
  [[nodiscard]] static Result<std::unique_ptr<SftpConnection>> open(const SftpOptions& options, const Limit& limit);
  ~SftpConnection();
  SftpConnection(const SftpConnection&) = delete;
  SftpConnection& operator=(const SftpConnection&) = delete;

  [[nodiscard]] LIBSSH2_SFTP* get() const { return sftp_; }
  [[nodiscard]] SshSession& session() { return *session_; }
  [[nodiscard]] bool usable() const { return session_->usable(); }

  /// Runs one SFTP call to its end. A negative outcome becomes the error that the server's status means for `request`
  /// on `subject`; any other failure makes the connection unusable.
  template <class Call>
  [[nodiscard]] auto run(SftpRequest request, const std::string& subject, const Limit& limit, Call call)
      -> Result<decltype(call())> {
    auto outcome = session_->finish(call, limit);
    if (!outcome || *outcome >= 0) return outcome;
    return tl::unexpected(failure(request, subject, limit));
  }

  /// The error for a libssh2 call on this connection that has just failed.
  [[nodiscard]] Error failure(SftpRequest request, const std::string& subject, const Limit& limit);

 private:
  SftpConnection(std::unique_ptr<SshSession> session, LIBSSH2_SFTP* sftp);

  std::unique_ptr<SshSession> session_;
  LIBSSH2_SFTP* sftp_;
};

/// An open file or directory of the server. Freed without close() it takes the connection with it: replies may be on
/// their way.
class SftpHandle {
 public:
  SftpHandle(SftpConnection& connection, LIBSSH2_SFTP_HANDLE* handle) : connection_(connection), handle_(handle) {}
  ~SftpHandle();
  SftpHandle(const SftpHandle&) = delete;
  SftpHandle& operator=(const SftpHandle&) = delete;

  [[nodiscard]] LIBSSH2_SFTP_HANDLE* get() const { return handle_; }

  /// Closes it; the outcome matters, for a server may say only now that it could not keep the data.
  [[nodiscard]] Result<void> close(SftpRequest request, const std::string& subject, const Limit& limit);

 private:
  SftpConnection& connection_;
  LIBSSH2_SFTP_HANDLE* handle_;
};

}  // namespace product_sync::transfer
