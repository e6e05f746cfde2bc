#include "net/curl_http_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "net/url.hpp"

namespace product_sync::net {
namespace {

using std::chrono::milliseconds;

/// Header bytes of one response; libcurl's own limit came with 8.4.
constexpr std::size_t kLongestHead = 256U << 10U;

/// How long libcurl may sleep between looks at the stall window. Data, time-outs and stop requests wake it by
/// themselves.
constexpr int kPollMilliseconds = 1000;

struct EasyDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct MultiDeleter {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
using Multi = std::unique_ptr<CURLM, MultiDeleter>;
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

/// One transfer's place: a multi handle, which owns the kept connections, and the easy handle that it drives.
struct Channel {
  std::string origin;  ///< scheme, host and port of the last request: where its kept connection leads
  Multi multi{curl_multi_init()};
  Easy easy{curl_easy_init()};
};

/// What the callbacks write into.
struct Reception {
  HttpResponse response;
  std::uint64_t longest = 0;
  std::size_t head_bytes = 0;
  std::uint64_t received = 0;  ///< head and body, for the stall window
  bool too_large = false;
  CURL* easy = nullptr;
  std::filesystem::path file;  ///< where a 200's body goes; empty: into the response
  std::ofstream out;
  std::uint64_t body_bytes = 0;  ///< after decompression
  bool file_fault = false;
};

/// A request body that lies in a file.
struct FileBody {
  std::ifstream in;
  std::uint64_t bytes = 0;
};

std::size_t on_header(char* data, std::size_t, std::size_t count, void* user) {
  auto& reception = *static_cast<Reception*>(user);
  reception.received += count;
  reception.head_bytes += count;
  if (reception.head_bytes > kLongestHead) {
    reception.too_large = true;
    return 0;
  }
  const std::string_view line{data, count};
  if (line.starts_with("HTTP/")) reception.response.headers.clear();  // an interim (1xx) head came before
  const auto colon = line.find(':');
  if (colon != std::string_view::npos && colon > 0) {
    reception.response.headers.push_back(
        {std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))});
  }
  return count;
}

std::size_t on_body(char* data, std::size_t, std::size_t count, void* user) {
  auto& reception = *static_cast<Reception*>(user);
  reception.received += count;
  reception.body_bytes += count;
  if (reception.body_bytes > reception.longest) {
    reception.too_large = true;
    return 0;
  }
  long status = 0;
  curl_easy_getinfo(reception.easy, CURLINFO_RESPONSE_CODE, &status);
  if (reception.file.empty() || status != 200) {
    reception.response.body.append(data, count);
    return count;
  }
  if (!reception.out.is_open()) reception.out.open(reception.file, std::ios::binary | std::ios::trunc);
  reception.out.write(data, static_cast<std::streamsize>(count));
  reception.file_fault = !reception.out;
  return reception.file_fault ? 0 : count;
}

/// Whether all that came is in the file; an empty body makes an empty file.
bool close_file(Reception& reception, bool complete) {
  if (reception.file.empty()) return true;
  if (complete && !reception.out.is_open()) reception.out.open(reception.file, std::ios::binary | std::ios::trunc);
  if (reception.out.is_open()) reception.out.close();
  return !reception.file_fault && !reception.out.fail();
}

std::size_t on_read(char* room, std::size_t, std::size_t count, void* user) {
  auto& body = *static_cast<FileBody*>(user);
  body.in.read(room, static_cast<std::streamsize>(count));
  return body.in.bad() ? CURL_READFUNC_ABORT : static_cast<std::size_t>(body.in.gcount());
}

/// libcurl starts again from the beginning when a kept connection turns out to be dead.
int on_seek(void* user, curl_off_t offset, int origin) {
  auto& body = *static_cast<FileBody*>(user);
  body.in.clear();
  body.in.seekg(offset, origin == SEEK_SET ? std::ios::beg : std::ios::cur);
  return body.in ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

tl::unexpected<Error> file_error(const std::filesystem::path& file, std::string_view doing) {
  return fail("http.file", fmt::format("{} cannot be {}.", file.string(), doing),
              "Check the disk's free space and the permissions of the directory.");
}

Result<FileBody> open_body(const std::filesystem::path& file) {
  FileBody body;
  if (file.empty()) return body;
  std::error_code failure;
  body.bytes = std::filesystem::file_size(file, failure);
  if (!failure) body.in.open(file, std::ios::binary);
  if (failure || !body.in) return file_error(file, "read");
  return body;
}

std::string origin_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  return std::string(url.substr(0, url.find_first_of("/?#", scheme + 3)));
}

bool fits_a_header(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

Result<HeaderList> build_headers(const HttpRequest& request) {
  HeaderList list;
  const auto append = [&](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
  };
  bool content_type = false;
  for (const Header& header : request.headers) {
    if (!fits_a_header(header.name) || !fits_a_header(header.value)) {
      return fail("http.bad_request", fmt::format("The header {} for {} has a line break in it.",
                                                  to_lower_ascii(header.name), redacted(request.url)));
    }
    content_type = content_type || to_lower_ascii(header.name) == "content-type";
    // libcurl takes "Name;" for an empty value and "Name:" for "leave this header out".
    append(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  }
  append("Expect:");  // never wait for 100 Continue
  if (!content_type) append("Content-Type:");
  return list;
}

struct Fault {
  CURLcode code;
  std::string_view error;
  Retry retry;
};
constexpr std::array kFaults{
    Fault{CURLE_COULDNT_CONNECT, "http.connect_failed", Retry::later},
    Fault{CURLE_COULDNT_RESOLVE_HOST, "http.connect_failed", Retry::later},
    Fault{CURLE_COULDNT_RESOLVE_PROXY, "http.connect_failed", Retry::later},
    Fault{CURLE_OPERATION_TIMEDOUT, "http.timeout", Retry::later},
    Fault{CURLE_SSL_CONNECT_ERROR, "http.tls", Retry::later},
    Fault{CURLE_PEER_FAILED_VERIFICATION, "http.tls", Retry::never},
    Fault{CURLE_SSL_CACERT_BADFILE, "http.tls", Retry::never},
    Fault{CURLE_SSL_CERTPROBLEM, "http.tls", Retry::never},
    Fault{CURLE_SSL_CIPHER, "http.tls", Retry::never},
    Fault{CURLE_SSL_ISSUER_ERROR, "http.tls", Retry::never},
    Fault{CURLE_URL_MALFORMAT, "http.bad_request", Retry::never},
    Fault{CURLE_UNSUPPORTED_PROTOCOL, "http.bad_request", Retry::never},
};

std::string_view remedy_for(std::string_view code) {
  if (code == "http.connect_failed") return "Check the address, the name service and the firewall.";
  if (code == "http.tls") return "Check the server's certificate, or name the authority that signed it as CA file.";
  return {};
}

tl::unexpected<Error> fault_error(CURLcode code, const std::string& detail, const HttpRequest& request) {
  const auto known =
      std::find_if(kFaults.begin(), kFaults.end(), [&](const Fault& fault) { return fault.code == code; });
  const std::string_view name = known == kFaults.end() ? "http.broken" : known->error;
  const Retry retry = known == kFaults.end() ? Retry::later : known->retry;
  return fail(std::string(name), fmt::format("{} {}: {}.", request.method, redacted(request.url), detail),
              std::string(remedy_for(name)), retry);
}

}  // namespace

CurlRuntime::CurlRuntime() {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw std::runtime_error("libcurl cannot be initialised");
}
CurlRuntime::~CurlRuntime() { curl_global_cleanup(); }

struct CurlHttpClient::Impl {
  const CurlOptions options;
  Clock& clock;
  const ExchangeObserver observer;
  std::mutex mutex;           // guards idle
  std::vector<Channel> idle;  // most recently used last

  Channel take(const std::string& origin) {
    const std::lock_guard lock(mutex);
    const auto found = std::find_if(idle.rbegin(), idle.rend(), [&](const Channel& c) { return c.origin == origin; });
    if (found == idle.rend()) {
      Channel fresh;
      if (!fresh.multi || !fresh.easy) throw std::bad_alloc();
      fresh.origin = origin;
      return fresh;
    }
    Channel channel = std::move(*found);
    idle.erase(std::next(found).base());
    return channel;
  }

  void put_back(Channel channel) {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(channel));
    if (idle.size() > options.idle_connections) idle.erase(idle.begin());
  }

  void configure(CURL* easy, const HttpRequest& request, curl_slist* headers, Reception& reception, FileBody& body,
                 char* detail) const;
  Result<HttpResponse> perform(Channel& channel, const HttpRequest& request, const std::stop_token& stop);
  /// Runs the transfer to its end; CURLE_ABORTED_BY_CALLBACK after a stop request.
  CURLcode drive(Channel& channel, const Reception& reception, const std::stop_token& stop) const;
  void report(const HttpRequest& request, Instant started, milliseconds elapsed, std::uint64_t sent,
              std::uint64_t received, const Result<HttpResponse>& outcome) const;
};

void CurlHttpClient::Impl::configure(CURL* easy, const HttpRequest& request, curl_slist* headers, Reception& reception,
                                     FileBody& body, char* detail) const {
  curl_easy_reset(easy);
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!options.ca_file.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str());
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);  // the system directory would be trusted beside it
  }
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);  // a request may wait in Acumatica's queue for minutes
  curl_easy_setopt(easy, CURLOPT_USERAGENT,
                   options.user_agent.empty() ? "product-sync/" PRODUCT_SYNC_VERSION : options.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.total_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &reception);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &reception);

  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (!request.body_file.empty()) {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.bytes));
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, &on_read);
    curl_easy_setopt(easy, CURLOPT_READDATA, &body);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, &on_seek);
    curl_easy_setopt(easy, CURLOPT_SEEKDATA, &body);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  } else if (request.method != "GET" || !request.body.empty()) {
    if (request.method == "POST" || !request.body.empty()) {  // a POST without a body says Content-Length: 0
      curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
}

CURLcode CurlHttpClient::Impl::drive(Channel& channel, const Reception& reception, const std::stop_token& stop) const {
  if (curl_multi_add_handle(channel.multi.get(), channel.easy.get()) != CURLM_OK) return CURLE_FAILED_INIT;
  CURLcode code = CURLE_ABORTED_BY_CALLBACK;
  Monotonic window_start = clock.monotonic();
  std::uint64_t window_bytes = 0;
  {
    const std::stop_callback wake_up(stop, [&] { curl_multi_wakeup(channel.multi.get()); });
    int running = 1;
    while (!stop.stop_requested()) {
      if (curl_multi_perform(channel.multi.get(), &running) != CURLM_OK) code = CURLE_FAILED_INIT;
      if (code == CURLE_FAILED_INIT) break;
      int left = 0;
      if (running == 0) {
        const CURLMsg* message = curl_multi_info_read(channel.multi.get(), &left);
        code = message != nullptr ? message->data.result : CURLE_FAILED_INIT;
        break;
      }
      const Monotonic now = clock.monotonic();
      if (reception.received == 0) window_start = now;
      if (now - window_start >= options.stall_window) {
        code = CURLE_OPERATION_TIMEDOUT;
        if (reception.received - window_bytes < options.stall_bytes) break;
        code = CURLE_ABORTED_BY_CALLBACK;
        window_start = now;
        window_bytes = reception.received;
      }
      curl_multi_poll(channel.multi.get(), nullptr, 0, kPollMilliseconds, nullptr);
    }
  }
  curl_multi_remove_handle(channel.multi.get(), channel.easy.get());
  return code;
}

Result<HttpResponse> CurlHttpClient::Impl::perform(Channel& channel, const HttpRequest& request,
                                                   const std::stop_token& stop) {
  auto headers = build_headers(request);
  if (!headers) return tl::unexpected<Error>(headers.error());

  auto body = open_body(request.body_file);
  if (!body) return tl::unexpected<Error>(body.error());

  Reception reception;
  reception.longest = request.longest_response;
  reception.easy = channel.easy.get();
  reception.file = request.response_file;
  std::array<char, CURL_ERROR_SIZE> detail{};
  configure(channel.easy.get(), request, headers->get(), reception, *body, detail.data());
  const Instant started = clock.now();
  const Monotonic start = clock.monotonic();
  const CURLcode code = drive(channel, reception, stop);
  const auto elapsed = std::chrono::duration_cast<milliseconds>(clock.monotonic() - start);

  long status = 0;
  curl_easy_getinfo(channel.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  reception.response.status = static_cast<int>(status);
  reception.response.elapsed = elapsed;
  curl_off_t body_bytes = 0;
  curl_easy_getinfo(channel.easy.get(), CURLINFO_SIZE_DOWNLOAD_T, &body_bytes);  // as it came, before decompression
  const std::uint64_t received = reception.head_bytes + static_cast<std::uint64_t>(body_bytes);

  const auto outcome = [&]() -> Result<HttpResponse> {
    if (!close_file(reception, code == CURLE_OK && status == 200)) return file_error(request.response_file, "written");
    if (code == CURLE_OK) return std::move(reception.response);
    if (reception.too_large) {
      return fail("http.too_large", fmt::format("{} {} answered with more than {}.", request.method,
                                                redacted(request.url), human_bytes(request.longest_response)));
    }
    if (stop.stop_requested()) return cancelled(fmt::format("{} {}", request.method, redacted(request.url)));
    std::string reason = detail[0] != '\0' ? detail.data() : curl_easy_strerror(code);
    if (code == CURLE_OPERATION_TIMEDOUT && detail[0] == '\0') reason = "the response stopped arriving";
    return fault_error(code, reason, request);
  }();
  report(request, started, elapsed, request.body_file.empty() ? request.body.size() : body->bytes, received, outcome);
  return outcome;
}

void CurlHttpClient::Impl::report(const HttpRequest& request, Instant started, milliseconds elapsed, std::uint64_t sent,
                                  std::uint64_t received, const Result<HttpResponse>& outcome) const {
  if (!observer) return;
  Exchange exchange;
  exchange.started = started;
  exchange.method = request.method;
  exchange.target = redacted(request.url);
  exchange.status = outcome ? outcome->status : 0;
  exchange.bytes_sent = sent;
  exchange.bytes_received = received;
  exchange.elapsed = elapsed;
  exchange.request_body = request.body;
  if (outcome) {
    exchange.response_body = outcome->body;
  } else {
    exchange.error_code = outcome.error().code;
    exchange.error = outcome.error().message;
  }
  observer(exchange);
}

CurlHttpClient::CurlHttpClient(CurlOptions options, Clock& clock, ExchangeObserver observer)
    : impl_(new Impl{std::move(options), clock, std::move(observer), {}, {}}) {}

CurlHttpClient::~CurlHttpClient() = default;

Result<HttpResponse> CurlHttpClient::send(const HttpRequest& request, std::stop_token stop) {
  Channel channel = impl_->take(origin_of(request.url));
  auto outcome = impl_->perform(channel, request, stop);
  impl_->put_back(std::move(channel));
  return outcome;
}

}  // namespace product_sync::net
