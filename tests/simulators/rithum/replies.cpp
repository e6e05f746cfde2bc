#include "replies.hpp"

namespace rithum_simulator {

using nlohmann::json;

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-._~$";
  std::string encoded;
  for (const char c : text) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                          kPlain.find(c) != std::string_view::npos;
    if (is_plain) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kDigits[byte >> 4U];
    encoded += kDigits[byte & 0x0FU];
  }
  return encoded;
}

HttpReply json_reply(const json& body) {
  HttpReply reply;
  reply.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  reply.content_type = "application/json; odata.metadata=minimal";
  return reply;
}

HttpReply odata_error(int status, const std::string& message) {
  HttpReply reply = json_reply({{"error", {{"code", ""}, {"message", message}}}});
  reply.status = status;
  return reply;
}

HttpReply message_reply(int status, const std::string& message) {
  HttpReply reply = json_reply({{"$id", "1"}, {"Message", message}});
  reply.status = status;
  return reply;
}

HttpReply injected_error(int status) {
  switch (status) {
    case 400:
      return {400, "Bad Request", "text/plain"};
    case 401:
      return {401, json{{"Message", kDeniedText}}.dump()};
    case 429:
      return {429, "<html><body><h1>Too Many Requests</h1></body></html>", "text/html"};
    case 502:
    case 503:
    case 504:
      return {status, "<html><body><h1>Service Unavailable</h1></body></html>", "text/html"};
    default:
      return odata_error(status, "An error has occurred.");
  }
}

}  // namespace rithum_simulator
