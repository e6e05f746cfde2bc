#include "front/tls.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace product_sync::front {
namespace {

// RFC 7301: the only protocol spoken here, behind its length.
constexpr std::array<unsigned char, 9> kProtocols{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

std::string last_openssl_error() {
  const auto code = ERR_get_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason != nullptr ? reason : "unknown cause";
}

tl::unexpected<Error> bad_file(const std::filesystem::path& file, std::string_view what) {
  return fail("tls.bad_files", fmt::format("{}: {} ({}).", file.string(), what, last_openssl_error()),
              "See server.tls in the configuration: both are PEM files, and the key belongs to the certificate.");
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, size, kProtocols.data(), unsigned{kProtocols.size()}, offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

/// Changes with the file, also when it is replaced by another of the same size within a second.
std::string identity_of(const std::filesystem::path& file) {
  std::error_code none;
  const auto written = std::filesystem::last_write_time(file, none).time_since_epoch().count();
  const auto size = std::filesystem::file_size(file, none);
  return fmt::format("{} {}", written, size);
}

}  // namespace

Result<TlsContext> load_tls(const TlsFiles& files) {
  ERR_clear_error();
  TlsContext context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) throw std::runtime_error("OpenSSL has no TLS");
  auto* raw = context.get();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);  // an idle connection costs little
  SSL_CTX_set_alpn_select_cb(raw, choose_protocol, nullptr);
  if (SSL_CTX_use_certificate_chain_file(raw, files.certificate.c_str()) != 1) {
    return bad_file(files.certificate, "no certificate could be read");
  }
  if (SSL_CTX_use_PrivateKey_file(raw, files.private_key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return bad_file(files.private_key, "no private key that belongs to the certificate could be read");
  }
  if (SSL_CTX_check_private_key(raw) != 1) return bad_file(files.private_key, "the key is not the certificate's");
  return context;
}

Result<TlsCertificate> TlsCertificate::load(TlsFiles files) {
  TlsCertificate certificate(std::move(files));
  if (auto loaded = certificate.reload(); !loaded) return tl::unexpected(loaded.error());
  return certificate;
}

std::string TlsCertificate::fingerprint() const {
  return identity_of(files_.certificate) + " " + identity_of(files_.private_key);
}

bool TlsCertificate::has_changed() const { return fingerprint() != loaded_; }

Result<void> TlsCertificate::reload() {
  loaded_ = fingerprint();
  auto context = load_tls(files_);
  if (!context) return tl::unexpected(context.error());
  context_ = std::move(*context);
  return {};
}

void TlsSession::Free::operator()(ssl_st* session) const { SSL_free(session); }

TlsSession::TlsSession(const TlsContext& context) : session_(SSL_new(context.get())) {
  auto* input = BIO_new(BIO_s_mem());
  auto* output = BIO_new(BIO_s_mem());
  if (!session_ || input == nullptr || output == nullptr) throw std::bad_alloc();
  SSL_set_bio(session_.get(), input, output);
  SSL_set_accept_state(session_.get());
}

TlsSession::State TlsSession::receive(std::string_view network, std::string& plain) {
  ERR_clear_error();
  auto* session = session_.get();
  BIO_write(SSL_get_rbio(session), network.data(), static_cast<int>(network.size()));
  std::array<char, 16 * 1024> buffer;
  while (true) {
    const int count = SSL_read(session, buffer.data(), static_cast<int>(buffer.size()));
    if (count <= 0) return after_failure(count);
    plain.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

TlsSession::State TlsSession::after_failure(int code) {
  switch (SSL_get_error(session_.get(), code)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return State::open;
    case SSL_ERROR_ZERO_RETURN:
      return State::ended;
    default:
      return State::failed;
  }
}

void TlsSession::send(std::string_view plain) {
  ERR_clear_error();
  if (!plain.empty()) SSL_write(session_.get(), plain.data(), static_cast<int>(plain.size()));
}

void TlsSession::end() {
  ERR_clear_error();
  if (SSL_is_init_finished(session_.get())) SSL_shutdown(session_.get());
}

void TlsSession::take_output(std::string& network) {
  auto* output = SSL_get_wbio(session_.get());
  const auto waiting = BIO_ctrl_pending(output);
  if (waiting == 0) return;
  const auto start = network.size();
  network.resize(start + waiting);
  BIO_read(output, network.data() + start, static_cast<int>(waiting));
}

}  // namespace product_sync::front
