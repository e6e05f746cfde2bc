#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "hostile_client.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

namespace product_sync::hostile {

using Json = nlohmann::json;

/// What a process may ever hold in memory, whatever is done to its listener.
inline constexpr double kMostMemoryMib = MOST_MEMORY_MIB;

/// A certificate of its own for 127.0.0.1, with its key, made by the openssl program.
struct Certificate {
  std::filesystem::path certificate;
  std::filesystem::path key;
  /// Writes both files (replacing what is there), with this serial number.
  void make(unsigned serial) const;
};

/// `product-sync serve` as a process of its own, with one site (`eu`) whose Acumatica is not there: only its listener
/// is looked at.
class ServedListener {
 public:
  struct Options {
    std::vector<std::string> server{};         ///< more lines of the configuration's `server`
    std::vector<std::string> notifications{};  ///< and of the site's `notifications`
    bool tls = false;
    std::optional<unsigned> descriptors{};  ///< how many files and sockets the process may have open
  };
  explicit ServedListener(const Options& options);
  ServedListener() : ServedListener(Options{}) {}

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] ChildProcess& process() { return *process_; }
  [[nodiscard]] std::filesystem::path home() const { return home_.path(); }
  [[nodiscard]] Certificate certificate() const { return {home_ / "tls.crt", home_ / "tls.key"}; }
  [[nodiscard]] std::string log() const { return process_->error_output() + process_->output(); }

  /// A connection as clients of this listener make them (TLS when it does TLS), from one of the loopback addresses.
  [[nodiscard]] HostileClient connect(unsigned from = 0) const;

  /// Another process with the same configuration but a store of its own. Its exit code, once it ended.
  [[nodiscard]] int serve_again_on_the_same_port();

  [[nodiscard]] Json overview() const;
  [[nodiscard]] std::uint64_t stored() const;       ///< notifications in the inbox
  [[nodiscard]] std::uint64_t quarantined() const;  ///< bodies that could not be read
  [[nodiscard]] bool answers_a_new_notification() const;
  /// How many of these notifications are in the inbox's file. Also after the process has ended.
  [[nodiscard]] std::size_t ids_in_the_inbox(const std::set<std::string>& ids) const;

  [[nodiscard]] double memory_mib() const;       ///< resident now
  [[nodiscard]] double peak_memory_mib() const;  ///< since its start
  [[nodiscard]] std::size_t descriptors() const;

 private:
  [[nodiscard]] std::string configuration(const Options& options, std::string_view store) const;
  [[nodiscard]] double status_mib(std::string_view field) const;

  TemporaryDirectory home_{"listener"};
  std::uint16_t port_;
  bool tls_;
  std::string again_;  // configuration of a second process
  std::optional<ChildProcess> process_;
};

inline constexpr std::string_view kNotificationsTarget = "/v1/sites/eu/notifications";
inline constexpr std::string_view kSecretHeader = "X-Product-Sync-Secret: listener-secret\r\n";

/// An id that was not used before by this process.
[[nodiscard]] std::string new_id();
/// The JSON of a notification.
[[nodiscard]] std::string notification_body(std::string_view id);
/// The head of a POST to the intake with the right secret; `more` are header lines, each with its CRLF.
[[nodiscard]] std::string intake_head(std::string_view more);
/// A whole, correct request with a new id.
[[nodiscard]] std::string notification_request();
/// `text` as one chunk of a chunked body.
[[nodiscard]] std::string chunk(std::string_view text);
inline constexpr std::string_view kHealthRequest = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Lets this process, and those it starts, have as many descriptors as the machine allows.
void raise_descriptor_limit();

}  // namespace product_sync::hostile
