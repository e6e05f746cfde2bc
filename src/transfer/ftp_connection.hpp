#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "transfer/destination.hpp"
#include "transfer/ftp_destination.hpp"
#include "transfer/ftp_dialogue.hpp"
#include "transfer/limit.hpp"
#include "transfer/received_file.hpp"
#include "transfer/sliding_buffer.hpp"

namespace product_sync::transfer {

/// One operation in the destination's directory. At most one of its parts is set.
struct FtpJob {
  /// Sent as they are, one after the other; `*` in front of one lets it fail.
  std::vector<std::string> commands{};

  struct Upload {
    std::string name;
    std::uint64_t bytes = 0;
    const ReadSome& source;
    const Progress& progress;
  };
  const Upload* upload = nullptr;

  struct Download {
    std::string name;
    const TakeSome& sink;
  };
  const Download* download = nullptr;

  struct Listing {
    std::string command;  ///< MLSD or LIST
    std::uint64_t longest = 0;
    std::string text{};
  };
  Listing* listing = nullptr;

  [[nodiscard]] bool carries_data() const { return upload != nullptr || download != nullptr || listing != nullptr; }
};

/// A connection to an FTP server, with its own libcurl handles: libcurl signs in when first needed, and again should
/// the server have hung up meanwhile. To be thrown away after any error.
class FtpConnection {
 public:
  explicit FtpConnection(const FtpOptions& options);
  ~FtpConnection();
  FtpConnection(const FtpConnection&) = delete;
  FtpConnection& operator=(const FtpConnection&) = delete;

  /// Runs the job until its end, `limit`, or a silence longer than the options allow. What the server said is in
  /// dialogue(), also after an error. Error codes: see ftp_error.cpp; `ftp.timeout`, `ftp.too_many_files`, `cancelled`,
  /// and those of an upload's source or a download's sink.
  [[nodiscard]] Result<void> run(const FtpJob& job, const Limit& limit);

  [[nodiscard]] const FtpDialogue& dialogue() const { return dialogue_; }
  /// Whether data went over it.
  [[nodiscard]] bool has_carried_data() const { return has_carried_data_; }

 private:
  struct Flow;
  struct EasyDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct MultiDeleter {
    void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
  };

  void configure_connection();
  void configure_job(const FtpJob& job, Flow& flow, curl_slist* commands);
  /// CURLE_ABORTED_BY_CALLBACK with `flow.error` set when it was ended from here.
  CURLcode drive(Flow& flow);

  const FtpOptions& options_;
  FtpDialogue dialogue_;
  bool has_carried_data_ = false;
  std::vector<curl_socket_t> sockets_;  // that libcurl has open
  std::unique_ptr<CURLM, MultiDeleter> multi_;
  std::unique_ptr<CURL, EasyDeleter> easy_;  // last: goes first, while the multi handle it may be in still lives
};

}  // namespace product_sync::transfer
