#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <optional>
#include <string>

#include "base/password_hash.hpp"
#include "cli/commands.hpp"

namespace product_sync::cli {
namespace {

constexpr std::size_t kShortestPassword = 8;

/// What is typed is not shown while it lives.
class SilentTerminal {
 public:
  SilentTerminal() {
    is_terminal_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
    auto silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (is_terminal_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~SilentTerminal() {
    if (is_terminal_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

  /// A line; `question` is for people.
  [[nodiscard]] std::optional<std::string> ask(const char* question) const {
    if (is_terminal_) fmt::print(stderr, "{}: ", question);
    std::string line;
    const bool read = static_cast<bool>(std::getline(std::cin, line));
    if (is_terminal_) fmt::print(stderr, "\n");
    return read ? std::optional(line) : std::nullopt;
  }
  [[nodiscard]] bool is_terminal() const { return is_terminal_; }

 private:
  bool is_terminal_ = false;
  termios before_{};
};

ExitCode refuse(const char* why) {
  fmt::print(stderr, "product-sync: {}\n", why);
  return ExitCode::configuration;
}

}  // namespace

ExitCode hash_password() {
  const SilentTerminal terminal;
  const auto password = terminal.ask("Password");
  if (!password || password->size() < kShortestPassword) return refuse("a password has at least 8 characters.");
  if (terminal.is_terminal() && terminal.ask("Once more") != password) return refuse("the two are not the same.");
  fmt::print("{}\n", PasswordHash::of(*password).text());
  return ExitCode::ok;
}

}  // namespace product_sync::cli
