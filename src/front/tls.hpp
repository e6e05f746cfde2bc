#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace product_sync::front {

/// PEM files.
struct TlsFiles {
  std::filesystem::path certificate;  ///< the server's certificate, and behind it those that lead to the root
  std::filesystem::path private_key;
};

/// A certificate with its key, ready to greet clients: TLS 1.2 and 1.3.
using TlsContext = std::shared_ptr<ssl_ctx_st>;
/// `tls.bad_files` names the file and what is wrong with it.
[[nodiscard]] Result<TlsContext> load_tls(const TlsFiles& files);

/// The certificate of an endpoint, taken anew from its files when they change. Connections keep the one that they began
/// with. Used by one thread.
class TlsCertificate {
 public:
  [[nodiscard]] static Result<TlsCertificate> load(TlsFiles files);

  [[nodiscard]] const TlsContext& context() const { return context_; }
  /// Whether the files are others than at the last load, good or bad.
  [[nodiscard]] bool has_changed() const;
  /// On failure the old certificate stays.
  Result<void> reload();

 private:
  explicit TlsCertificate(TlsFiles files) : files_(std::move(files)) {}
  [[nodiscard]] std::string fingerprint() const;

  TlsFiles files_;
  std::string loaded_;  // fingerprint of the files
  TlsContext context_;
};

/// The TLS of one connection, as a filter of bytes: what came from the network goes in, what the client meant comes
/// out, and the other way round. Knows no socket.
class TlsSession {
 public:
  enum class State { open, ended, failed };

  explicit TlsSession(const TlsContext& context);

  /// Takes bytes of the network; appends what the client sent to `plain`.
  State receive(std::string_view network, std::string& plain);
  void send(std::string_view plain);
  /// Says goodbye.
  void end();
  /// Moves what is to go to the network behind `network`.
  void take_output(std::string& network);

 private:
  struct Free {
    void operator()(ssl_st* session) const;
  };
  State after_failure(int code);

  std::unique_ptr<ssl_st, Free> session_;
};

}  // namespace product_sync::front
