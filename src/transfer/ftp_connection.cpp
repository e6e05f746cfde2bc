#include "transfer/ftp_connection.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "transfer/ftp_error.hpp"

namespace product_sync::transfer {
namespace {

constexpr long kUploadBuffer = 2L * 1024 * 1024;

// A slice bounds how late a simulated clock is noticed. Data and stop requests wake by themselves.
constexpr int kPollMilliseconds = 50;

struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CommandList = std::unique_ptr<curl_slist, ListDeleter>;

/// curl_global_init once in the life of the process, thread-safe. Never undone: others may use the library.
void start_libcurl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw std::runtime_error("libcurl cannot be initialised");
}

/// Percent-encodes everything but slashes and what never needs it.
std::string url_path(std::string_view text) {
  std::string path;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    path += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return path;
}

/// The URL of a file in the directory; with an empty name, of the directory.
std::string url_of(const FtpOptions& options, std::string_view name) {
  auto directory = options.directory;
  while (directory.size() > 1 && directory.ends_with('/')) directory.pop_back();
  const bool absolute = directory.starts_with('/');
  const bool numeric = options.host.find(':') != std::string::npos && !options.host.starts_with('[');  // IPv6
  const bool implicit = options.security == FtpSecurity::implicit_tls;
  auto url =
      fmt::format("{}://{}{}{}", implicit ? "ftps" : "ftp", numeric ? "[" : "", options.host, numeric ? "]" : "");
  if (options.port != 0) url += fmt::format(":{}", options.port);
  url += absolute ? "/%2F" : "/";  // libcurl: the path begins behind the first slash
  url += url_path(std::string_view(directory).substr(absolute ? 1 : 0));
  if (directory.size() > (absolute ? 1U : 0U)) url += '/';
  return url + url_path(name);
}

CommandList command_list(const std::vector<std::string>& commands) {
  CommandList list;
  for (const auto& command : commands) {
    auto* longer = curl_slist_append(list.get(), command.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
  }
  return list;
}

}  // namespace

/// What flows while a job runs.
struct FtpConnection::Flow {
  const FtpJob& job;
  FtpDialogue& dialogue;
  const FtpOptions& options;
  const Limit& limit;
  std::string url{};
  std::array<char, CURL_ERROR_SIZE> detail{};
  std::uint64_t signs_of_life = 0;  ///< bytes and lines, in either direction
  std::uint64_t sent = 0;
  Monotonic last_sign{};
  std::uint64_t signs_then = 0;
  std::optional<Error> error{};  ///< of our own

  /// Whether it may go on; else `error` says why not.
  bool may_go_on() {
    if (error) return false;
    const auto now = limit.clock.monotonic();
    const bool in = dialogue.signed_in();
    if (in && signs_of_life != signs_then) last_sign = now;
    signs_then = signs_of_life;
    Limit step = limit;
    step.deadline = std::min(limit.deadline, last_sign + (in ? options.operation_timeout : options.connect_timeout));
    if (auto within = step.check(); !within) error = std::move(within.error());
    return !error;
  }

  /// Called by libcurl all the time, also where it waits by itself: for the reply behind a file.
  static int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t uploaded) {
    auto& flow = *static_cast<Flow*>(user);
    const auto sent = static_cast<std::uint64_t>(uploaded);
    if (flow.job.upload != nullptr && sent > flow.sent && !flow.error) {
      flow.signs_of_life += sent - flow.sent;
      flow.sent = sent;
      if (flow.job.upload->progress) flow.job.upload->progress(sent, flow.job.upload->bytes);
    }
    return flow.may_go_on() ? 0 : 1;
  }

  static int on_talk(CURL*, curl_infotype type, char* data, std::size_t size, void* user) {
    auto& flow = *static_cast<Flow*>(user);
    if (type != CURLINFO_HEADER_IN && type != CURLINFO_HEADER_OUT) return 0;
    ++flow.signs_of_life;
    const std::string_view line(data, size);
    type == CURLINFO_HEADER_IN ? flow.dialogue.reply(line) : flow.dialogue.command(line);
    return 0;
  }

  static std::size_t on_read(char* space, std::size_t unit, std::size_t count, void* user) {
    auto& flow = *static_cast<Flow*>(user);
    const auto read = flow.job.upload->source(std::span(space, unit * count));
    if (read) return *read;
    flow.error = read.error();
    return CURL_READFUNC_ABORT;
  }

  static std::size_t on_write(char* data, std::size_t unit, std::size_t count, void* user) {
    auto& flow = *static_cast<Flow*>(user);
    flow.signs_of_life += unit * count;
    if (flow.job.download != nullptr) {
      const auto taken = flow.job.download->sink(std::span(data, unit * count));
      if (taken) return unit * count;
      flow.error = taken.error();
      return 0;
    }
    auto* listing = flow.job.listing;
    if (listing == nullptr) return unit * count;
    if (listing->text.size() + unit * count <= listing->longest) {
      listing->text.append(data, unit * count);
      return unit * count;
    }
    flow.error = Error{"ftp.too_many_files", "The directory holds more files than we are willing to list.",
                       "Remove old files from the directory.", Retry::never, std::nullopt};
    return 0;
  }
};

FtpConnection::FtpConnection(const FtpOptions& options)
    : options_(options),
      dialogue_(options.password),
      multi_((start_libcurl(), curl_multi_init())),
      easy_(curl_easy_init()) {
  if (!multi_ || !easy_) throw std::bad_alloc();
}

/// libcurl says goodbye and waits for the answer, up to two minutes. A courtesy is not worth waiting for.
FtpConnection::~FtpConnection() {
  for (const auto socket : sockets_) ::shutdown(socket, SHUT_RDWR);
}

void FtpConnection::configure_connection() {
  CURL* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "ftp,ftps");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");  // the environment's are for HTTP
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_USERNAME, options_.user.c_str());
  curl_easy_setopt(easy, CURLOPT_PASSWORD, options_.password.reveal().c_str());
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, kUploadBuffer);
  curl_easy_setopt(easy, CURLOPT_FTP_FILEMETHOD, static_cast<long>(CURLFTPMETHOD_SINGLECWD));
  curl_easy_setopt(easy, CURLOPT_FTP_SKIP_PASV_IP, 1L);  // servers behind NAT tell their inner address
  curl_easy_setopt(easy, CURLOPT_FTP_USE_EPSV, options_.extended ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_FTP_USE_EPRT, options_.extended ? 1L : 0L);
  if (!options_.passive) curl_easy_setopt(easy, CURLOPT_FTPPORT, "-");
  // Ours come first; these only keep libcurl's defaults from ending a wait that the options allow.
  const auto longest = static_cast<long>(options_.operation_timeout.count());
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, longest / 1000 + 1);
  curl_easy_setopt(easy, CURLOPT_ACCEPTTIMEOUT_MS, longest);
  if (options_.security == FtpSecurity::plain) return;
  curl_easy_setopt(easy, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  curl_easy_setopt(easy, CURLOPT_FTPSSLAUTH, static_cast<long>(CURLFTPAUTH_TLS));
  // Not 1.3: its session tickets arrive on the data connection, where nobody reads them during an upload. Closed with
  // unread bytes, the connection is reset, and the server loses the end of the file (vsftpd: "426 Failure reading
  // network stream", in 18 of 40 uploads of 2 MiB with libcurl 7.88).
  constexpr long kTls12 = CURL_SSLVERSION_TLSv1_2;
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, kTls12 | (kTls12 << 16));  // at least | at most (CURL_SSLVERSION_MAX_...)
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (options_.ca_file.empty()) return;
  curl_easy_setopt(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
}

void FtpConnection::configure_job(const FtpJob& job, Flow& flow, curl_slist* commands) {
  CURL* easy = easy_.get();
  flow.url = url_of(options_, job.upload != nullptr     ? std::string_view(job.upload->name)
                              : job.download != nullptr ? std::string_view(job.download->name)
                                                        : std::string_view());
  curl_easy_setopt(easy, CURLOPT_URL, flow.url.c_str());
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, flow.detail.data());
  curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, &Flow::on_talk);
  curl_easy_setopt(easy, CURLOPT_DEBUGDATA, &flow);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &Flow::on_progress);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &flow);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Flow::on_write);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &flow);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &sockets_);
  curl_easy_setopt(
      easy, CURLOPT_OPENSOCKETFUNCTION, +[](void* open, curlsocktype, curl_sockaddr* address) -> curl_socket_t {
        const int socket = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
        if (socket >= 0) static_cast<std::vector<curl_socket_t>*>(open)->push_back(socket);
        return socket;
      });
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, &sockets_);
  curl_easy_setopt(
      easy, CURLOPT_CLOSESOCKETFUNCTION, +[](void* open, curl_socket_t socket) -> int {
        std::erase(*static_cast<std::vector<curl_socket_t>*>(open), socket);
        return ::close(socket);
      });
  if (job.upload != nullptr) {
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(job.upload->bytes));
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, &Flow::on_read);
    curl_easy_setopt(easy, CURLOPT_READDATA, &flow);
  } else if (job.listing != nullptr) {
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, job.listing->command.c_str());
  } else if (job.download == nullptr) {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(easy, CURLOPT_PREQUOTE, commands);
  }
}

CURLcode FtpConnection::drive(Flow& flow) {
  if (curl_multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK) return CURLE_FAILED_INIT;
  CURLcode code = CURLE_ABORTED_BY_CALLBACK;
  {
    const std::stop_callback wake_up(flow.limit.stop, [this] { curl_multi_wakeup(multi_.get()); });
    int running = 1;
    while (flow.may_go_on()) {
      if (curl_multi_perform(multi_.get(), &running) != CURLM_OK) {
        code = CURLE_FAILED_INIT;
        break;
      }
      if (running == 0) {
        int left = 0;
        const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
        code = message != nullptr ? message->data.result : CURLE_FAILED_INIT;
        break;
      }
      curl_multi_poll(multi_.get(), nullptr, 0, kPollMilliseconds, nullptr);
    }
  }
  curl_multi_remove_handle(multi_.get(), easy_.get());
  return code;
}

Result<void> FtpConnection::run(const FtpJob& job, const Limit& limit) {
  dialogue_.clear();
  has_carried_data_ = has_carried_data_ || job.carries_data();
  const auto commands = command_list(job.commands);
  Flow flow{
      .job = job, .dialogue = dialogue_, .options = options_, .limit = limit, .last_sign = limit.clock.monotonic()};
  configure_connection();
  configure_job(job, flow, commands.get());
  const auto code = drive(flow);
  curl_easy_reset(easy_.get());  // it must not remember this flow
  if (flow.error) return tl::unexpected(std::move(*flow.error));
  if (code == CURLE_OK) return {};
  const std::string detail = flow.detail[0] != '\0' ? flow.detail.data() : curl_easy_strerror(code);
  return tl::unexpected(ftp_error(code, detail, dialogue_, limit.doing));
}

}  // namespace product_sync::transfer
