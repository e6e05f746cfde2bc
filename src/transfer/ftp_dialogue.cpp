#include "transfer/ftp_dialogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/bytes.hpp"

namespace product_sync::transfer {
namespace {

constexpr std::size_t kLongestText = 300;
constexpr std::string_view kHidden = "[redacted]";
constexpr std::size_t kMostLines = 1'000;  // of one reply; a longer one has no meaning for us

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "226 Done" has a code, and is the last line of its reply; "211-Features:" begins one.
bool has_code(std::string_view line, char behind) {
  return line.size() >= 3 && std::all_of(line.begin(), line.begin() + 3, is_digit) &&
         (line.size() == 3 ? behind == ' ' : line[3] == behind);
}

int code_of(std::string_view line) { return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'); }

}  // namespace

void FtpDialogue::clear() {
  verb_.clear();
  unanswered_.clear();
  replies_.clear();
  lines_.clear();
}

void FtpDialogue::command(std::string_view line) {
  verb_ = std::string(line.substr(0, line.find_first_of(" \r\n")));
  unanswered_.push_back(verb_);
  lines_.clear();
}

void FtpDialogue::reply(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);  // a space in front has a meaning
  if (has_code(line, ' ')) {
    const int code = code_of(line);
    const auto& answered = unanswered_.empty() ? verb_ : unanswered_.front();
    replies_.push_back({answered, code, presentable(trim(line.substr(3))), std::move(lines_)});
    if (code >= 200 && !unanswered_.empty()) unanswered_.pop_front();
    lines_.clear();
  } else if (!has_code(line, '-') && lines_.size() < kMostLines) {
    lines_.push_back(presentable(trim(line)));
  }
}

const FtpReply* FtpDialogue::reply_to(std::string_view verb) const {
  const auto found = std::find_if(replies_.rbegin(), replies_.rend(), [&](const auto& r) { return r.verb == verb; });
  return found == replies_.rend() ? nullptr : &*found;
}

bool FtpDialogue::signed_in() const {
  static constexpr std::array<std::string_view, 7> kSignIn{"", "AUTH", "USER", "PASS", "ACCT", "PBSZ", "PROT"};
  return std::find(kSignIn.begin(), kSignIn.end(), verb_) == kSignIn.end();
}

std::string FtpDialogue::last_words() const {
  if (replies_.empty()) return {};
  const auto& last = replies_.back();
  return fmt::format("{} was answered \"{} {}\"", last.verb.empty() ? "the connection" : last.verb, last.code,
                     last.text);
}

std::string FtpDialogue::presentable(std::string_view text) const {
  std::string shown(text);
  const auto& password = password_.reveal();
  for (auto at = password.size() < 3 ? std::string::npos : shown.find(password); at != std::string::npos;
       at = shown.find(password, at)) {
    shown.replace(at, password.size(), kHidden);
    at += kHidden.size();
  }
  const auto is_odd = [](char c) { return c < ' ' || c > '~'; };  // also bytes that may be no UTF-8
  std::replace_if(shown.begin(), shown.end(), is_odd, '?');
  shown.resize(std::min(shown.size(), kLongestText));
  return shown;
}

}  // namespace product_sync::transfer
