#pragma once

#include <libssh2.h>

#include <memory>
#include <string>

#include "transfer/file_descriptor.hpp"
#include "transfer/host_key.hpp"
#include "transfer/limit.hpp"

namespace product_sync::transfer {

/// An encrypted connection to a server that is not trusted yet: see HostKeyPins. Non-blocking inside; one operation at
/// a time.
class SshSession {
 public:
  /// Takes a connected socket. `algorithms` is the order of host key algorithms. Errors: `sftp.no_common_algorithm`,
  /// `sftp.connection_lost`, `sftp.timeout`, `cancelled`.
  [[nodiscard]] static Result<std::unique_ptr<SshSession>> handshake(FileDescriptor socket,
                                                                     const std::string& algorithms, const Limit& limit);
  ~SshSession();
  SshSession(const SshSession&) = delete;
  SshSession& operator=(const SshSession&) = delete;

  [[nodiscard]] HostKey host_key() const;
  [[nodiscard]] LIBSSH2_SESSION* get() const { return session_; }
  [[nodiscard]] int socket() const { return socket_.get(); }

  /// Repeats `call`, a libssh2 function that returns a number, until it is through. libssh2 wants the same call with
  /// the same arguments after EAGAIN, so a call that is given up (limit reached) leaves the session unusable.
  template <class Call>
  [[nodiscard]] auto finish(Call call, const Limit& limit) -> Result<decltype(call())> {
    for (;;) {
      const auto code = call();
      if (code != LIBSSH2_ERROR_EAGAIN) return code;
      if (auto waited = await(limit); !waited) return tl::unexpected(waited.error());
    }
  }

  /// The same for a libssh2 function that returns a pointer; null is its failure (see last_error()).
  template <class Call>
  [[nodiscard]] auto finish_pointer(Call call, const Limit& limit) -> Result<decltype(call())> {
    for (;;) {
      const auto pointer = call();
      if (pointer != nullptr || libssh2_session_last_errno(session_) != LIBSSH2_ERROR_EAGAIN) return pointer;
      if (auto waited = await(limit); !waited) return tl::unexpected(waited.error());
    }
  }

  /// From now on the end of `channel` counts as the end of the connection: libssh2's SFTP would wait for ever.
  void watch(LIBSSH2_CHANNEL* channel) { channel_ = channel; }

  /// libssh2's number and sentence for the failure just seen.
  [[nodiscard]] int last_code() const { return libssh2_session_last_errno(session_); }
  [[nodiscard]] std::string last_error() const;

  /// Cuts the connection: every later call fails at once, so that handles can be freed without waiting.
  void abandon();
  [[nodiscard]] bool usable() const { return usable_; }

 private:
  explicit SshSession(FileDescriptor socket);
  [[nodiscard]] Result<void> await(const Limit& limit);

  FileDescriptor socket_;
  LIBSSH2_SESSION* session_;
  LIBSSH2_CHANNEL* channel_ = nullptr;  // owned by the SFTP that runs over it
  bool usable_ = true;
};

/// The error `sftp.connection_lost` for an operation that the network or the server ended.
[[nodiscard]] Error connection_lost(const std::string& doing, const std::string& reason);

}  // namespace product_sync::transfer
