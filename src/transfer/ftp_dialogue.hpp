#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace product_sync::transfer {

/// A reply of an FTP server (RFC 959 §4.2). A command may have several: 150, then 226.
struct FtpReply {
  std::string verb;                ///< of the command that it answers; empty: the greeting
  int code = 0;                    ///< three digits
  std::string text;                ///< its last line without the code; printable, and without our password
  std::vector<std::string> lines;  ///< those between the first and the last, trimmed
};

/// What was said on the control connection during one operation. Keeps no argument of any command, so no password.
class FtpDialogue {
 public:
  explicit FtpDialogue(const Secret& password) : password_(password) {}

  /// A new operation begins; the connection may be an old one.
  void clear();
  /// A command goes out. With or without its line end.
  void command(std::string_view line);
  /// A line of a reply came in.
  void reply(std::string_view line);

  [[nodiscard]] const std::vector<FtpReply>& replies() const { return replies_; }
  /// The last reply to that command, or null.
  [[nodiscard]] const FtpReply* reply_to(std::string_view verb) const;
  /// The command that was sent last; empty: none.
  [[nodiscard]] const std::string& verb() const { return verb_; }
  /// Whether it goes beyond what a sign-in needs.
  [[nodiscard]] bool signed_in() const;
  /// `STOR was answered "550 Permission denied."`; empty when there was no reply.
  [[nodiscard]] std::string last_words() const;

 private:
  [[nodiscard]] std::string presentable(std::string_view text) const;

  const Secret& password_;
  std::string verb_;
  // Sent and without a final reply, oldest first. Replies come in the order of the commands (RFC 959 §5.4), also when
  // libcurl gives up on one and goes on with another: on STOR with PASV, when TLS of the data connection fails.
  std::deque<std::string> unanswered_;
  std::vector<FtpReply> replies_;
  std::vector<std::string> lines_;  // of a reply that is not complete
};

}  // namespace product_sync::transfer
