#include "alert/mail_channel.hpp"

#include <fmt/format.h>

#include "base/bytes.hpp"

namespace product_sync::alert {
namespace {

constexpr std::size_t kLongestSubject = 150;

std::string subject_of(const Notice& notice) {
  const bool over = notice.kind == Notice::Kind::recovered;
  return fmt::format("[Product Sync{}] {}", over ? ", over" : "", excerpt(notice.message, kLongestSubject));
}

std::string text_of(const Notice& notice) {
  auto text = notice.message + "\r\n";
  if (notice.kind == Notice::Kind::recovered) {
    text += fmt::format("\r\nThis is over. It began at {}.\r\n", to_iso8601(notice.since));
  } else {
    if (!notice.remedy.empty()) text += fmt::format("\r\n{}\r\n", notice.remedy);
    text += fmt::format("\r\nSince {}.\r\n", to_iso8601(notice.since));
  }
  text += fmt::format("\r\nRule {}{}\r\n", notice.rule, notice.site.empty() ? "" : ", site " + notice.site);
  return text;
}

}  // namespace

std::string MailChannel::describe() const { return "mail by " + server_.url; }

Result<void> MailChannel::tell(const Notice& notice, std::stop_token stop) {
  return net::send_mail(server_, {from_, to_, subject_of(notice), text_of(notice), clock_.now()}, std::move(stop));
}

}  // namespace product_sync::alert
