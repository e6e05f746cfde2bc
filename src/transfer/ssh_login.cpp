#include "transfer/ssh_login.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "transfer/private_key.hpp"

namespace product_sync::transfer {
namespace {

bool is_network_error(int code) {
  return code == LIBSSH2_ERROR_SOCKET_SEND || code == LIBSSH2_ERROR_SOCKET_RECV ||
         code == LIBSSH2_ERROR_SOCKET_DISCONNECT || code == LIBSSH2_ERROR_SOCKET_TIMEOUT ||
         code == LIBSSH2_ERROR_TIMEOUT || code == LIBSSH2_ERROR_BAD_SOCKET;
}

/// One word of a comma-separated list.
bool offers(std::string_view list, std::string_view method) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (list.substr(0, comma) == method) return true;
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return false;
}

/// Answers every question of the server with the password, which is what servers that offer only keyboard-interactive
/// ask for. libssh2 frees the answers with free().
void answer_with_password(const char*, int, const char*, int, int count, const LIBSSH2_USERAUTH_KBDINT_PROMPT*,
                          LIBSSH2_USERAUTH_KBDINT_RESPONSE* answers, void** abstract) {
  const auto& password = static_cast<const Credentials*>(*abstract)->password.reveal();
  for (int i = 0; i < count; ++i) {
    answers[i].text = strdup(password.c_str());
    answers[i].length = static_cast<unsigned>(password.size());
  }
}

/// One sign-in: the server's offers, the ways we have, and what became of each.
class Login {
 public:
  Login(SshSession& session, const Credentials& credentials, const Limit& limit)
      : session_(session), credentials_(credentials), limit_(limit) {}

  Result<void> run() {
    if (auto asked = ask_methods(); !asked) return asked;
    if (authenticated()) return {};
    if (!credentials_.private_key.empty() && offers(offered_, "publickey")) {
      if (auto tried = try_key(); !tried || authenticated()) return tried;
      if (credentials_.password.empty()) return refused();
      // A server that wants a key *and* a password says so only now.
      if (auto asked = ask_methods(); !asked) return asked;
    }
    if (!credentials_.password.empty() && offers(offered_, "password")) {
      if (auto tried = try_password(); !tried || authenticated()) return tried;
    } else if (!credentials_.password.empty() && offers(offered_, "keyboard-interactive")) {
      if (auto tried = try_keyboard_interactive(); !tried || authenticated()) return tried;
    }
    return refused();
  }

 private:
  bool authenticated() const { return libssh2_userauth_authenticated(session_.get()) != 0; }

  Result<void> ask_methods() {
    const auto& user = credentials_.user;
    const auto list = session_.finish_pointer(
        [&] { return libssh2_userauth_list(session_.get(), user.c_str(), static_cast<unsigned>(user.size())); },
        limit_);
    if (!list) return tl::unexpected(list.error());
    if (*list != nullptr) {
      offered_ = *list;
      return {};
    }
    if (authenticated()) return {};
    return lost();
  }

  Result<void> try_key() {
    const auto& user = credentials_.user;
    const auto file = credentials_.private_key.string();
    // No public half: libssh2 derives it. "" is what it wants for a key without passphrase.
    const auto code = session_.finish(
        [&] {
          return libssh2_userauth_publickey_fromfile_ex(session_.get(), user.c_str(),
                                                        static_cast<unsigned>(user.size()), nullptr, file.c_str(),
                                                        credentials_.passphrase.reveal().c_str());
        },
        limit_);
    if (!code) return tl::unexpected(code.error());
    const bool key_was_read = *code == 0 || *code == LIBSSH2_ERROR_AUTHENTICATION_FAILED ||
                              *code == LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED || is_network_error(*code);
    if (key_was_read) return note("the key " + file, *code);
    return fail("sftp.key_unreadable",
                fmt::format("The private key {} cannot be used: {}.", file, session_.last_error()),
                "Check the passphrase (`ssh-keygen -y -f` on the file tells whether it fits) and the format.");
  }

  Result<void> try_password() {
    const auto& user = credentials_.user;
    const auto& password = credentials_.password.reveal();
    const auto code = session_.finish(
        [&] {
          return libssh2_userauth_password_ex(session_.get(), user.c_str(), static_cast<unsigned>(user.size()),
                                              password.c_str(), static_cast<unsigned>(password.size()), nullptr);
        },
        limit_);
    if (!code) return tl::unexpected(code.error());
    if (*code != LIBSSH2_ERROR_PASSWORD_EXPIRED) return note("the password", *code);
    return fail("sftp.password_expired", fmt::format("{} failed: the password of {} has expired.", limit_.doing, user),
                "Set a new password on the server, then in the configuration.");
  }

  Result<void> try_keyboard_interactive() {
    const auto& user = credentials_.user;
    void** abstract = libssh2_session_abstract(session_.get());
    *abstract = const_cast<Credentials*>(&credentials_);
    const auto code = session_.finish(
        [&] {
          return libssh2_userauth_keyboard_interactive_ex(session_.get(), user.c_str(),
                                                          static_cast<unsigned>(user.size()), &answer_with_password);
        },
        limit_);
    *abstract = nullptr;
    if (!code) return tl::unexpected(code.error());
    return note("the password (keyboard-interactive)", *code);
  }

  /// Remembers what was tried. A server that hangs up on a sign-in has refused it: trying again would only lock the
  /// account.
  Result<void> note(const std::string& what, int code) {
    tried_ += (tried_.empty() ? "" : ", then ") + what;
    if (code == 0) return {};
    if (!is_network_error(code)) return {};
    return tried_.find(", then ") == std::string::npos ? lost() : refused();
  }

  Result<void> lost() {
    auto error = connection_lost(limit_.doing, session_.last_error());
    session_.abandon();
    return tl::unexpected(std::move(error));
  }

  Result<void> refused() {
    session_.abandon();
    if (tried_.empty()) {
      return fail("sftp.auth_failed",
                  fmt::format("{} failed: {} takes none of the configured credentials, only: {}.", limit_.doing,
                              credentials_.user, offered_.empty() ? "nothing" : offered_),
                  "Configure a password or a private key of a kind that the server takes.");
    }
    return fail("sftp.auth_failed",
                fmt::format("{} failed: the server refused {} for user {} (it takes: {}).", limit_.doing, tried_,
                            credentials_.user, offered_),
                "Check user, password and that the server knows the public half of the key.");
  }

  SshSession& session_;
  const Credentials& credentials_;
  const Limit& limit_;
  std::string offered_;
  std::string tried_;
};

}  // namespace

Result<void> check_credentials(const Credentials& credentials) {
  if (credentials.private_key.empty()) {
    if (!credentials.password.empty()) return {};
    return fail("sftp.auth_failed",
                fmt::format("There is neither a password nor a private key for {}.", credentials.user),
                "Configure one of them.");
  }
  const auto facts = inspect_private_key(credentials.private_key);
  if (!facts) return tl::unexpected(facts.error());
  if (facts->encrypted && credentials.passphrase.empty()) {
    return fail("sftp.passphrase_missing",
                fmt::format("The private key {} is encrypted and no passphrase is configured.",
                            credentials.private_key.string()),
                "Configure the passphrase, or take a key without one.");
  }
  return check_key_type(*facts, credentials.private_key, has_rsa_sha2());
}

Result<void> log_in(SshSession& session, const Credentials& credentials, const Limit& limit) {
  return Login(session, credentials, limit).run();
}

}  // namespace product_sync::transfer
