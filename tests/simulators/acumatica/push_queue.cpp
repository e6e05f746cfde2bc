#include "push_queue.hpp"

#include <curl/curl.h>

#include <algorithm>

#include "notification.hpp"

namespace acumatica_sim {
namespace {

constexpr std::size_t kMostFailures = 10'000;

std::size_t discard(char*, std::size_t size, std::size_t count, void*) { return size * count; }

int stop_asked(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

struct ListFree {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct EasyFree {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

}  // namespace

/// One kept-alive connection to the webhook.
class PushQueue::Poster {
 public:
  Poster(const PushRules& rules, std::stop_token stop) : handle_(curl_easy_init()), stop_(std::move(stop)) {
    headers_.reset(curl_slist_append(nullptr, "Content-Type: application/json; charset=utf-8"));
    headers_.reset(curl_slist_append(headers_.release(), "Accept: application/json"));
    if (!rules.header_name.empty()) {
      headers_.reset(curl_slist_append(headers_.release(), (rules.header_name + ": " + rules.header_value).c_str()));
    }
    CURL* curl = handle_.get();
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers_.get());
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(rules.timeout.count()));
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &discard);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &stop_asked);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &stop_);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
  }

  Answer post(const std::string& url, const std::string& body) {
    CURL* curl = handle_.get();
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    Answer answer;
    const CURLcode code = curl_easy_perform(curl);
    if (code != CURLE_OK) {
      answer.error = curl_easy_strerror(code);
      return answer;
    }
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
    if (!answer.success()) answer.error = "status " + std::to_string(answer.status);
    return answer;
  }

 private:
  std::unique_ptr<CURL, EasyFree> handle_;
  std::unique_ptr<curl_slist, ListFree> headers_;
  std::stop_token stop_;
};

PushQueue::PushQueue(PushRules rules, Behaviour& behaviour, std::uint64_t seed)
    : rules_(std::move(rules)), behaviour_(behaviour), url_(rules_.url), random_(seed) {
  thread_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

PushQueue::~PushQueue() = default;

void PushQueue::add(std::string body) {
  const std::uint32_t copies = behaviour_.settings().duplicate_notifications + 1;
  const auto shared = std::make_shared<const std::string>(std::move(body));
  const std::lock_guard lock(mutex_);
  if (url_.empty()) return;
  for (std::uint32_t i = 0; i < copies; ++i) ready_.push_back({shared});
  counts_.queued += copies;
  woken_ = true;
  changed_.notify_all();
}

void PushQueue::wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_all();
}

void PushQueue::set_url(std::string url) {
  const std::lock_guard lock(mutex_);
  url_ = std::move(url);
}

bool PushQueue::wait_idle(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, longest, [&] { return ready_.empty() && retries_.empty() && !sending_; });
}

std::unique_ptr<PushQueue::Pending> PushQueue::take(Clock::time_point& until) {
  const BehaviourSettings settings = behaviour_.settings();
  if (settings.hold_pushes) return nullptr;
  const auto now = Clock::now();
  const auto next = std::min_element(retries_.begin(), retries_.end(),
                                     [](const Pending& a, const Pending& b) { return a.due < b.due; });
  if (next != retries_.end() && next->due <= now) {
    auto taken = std::make_unique<Pending>(std::move(*next));
    retries_.erase(next);
    return taken;
  }
  if (next != retries_.end()) until = std::min(until, next->due);
  if (ready_.empty()) return nullptr;
  const std::size_t window = std::min<std::size_t>(std::max<std::size_t>(settings.reorder_window, 1), ready_.size());
  const auto chosen = ready_.begin() + static_cast<std::ptrdiff_t>(random_() % window);
  auto taken = std::make_unique<Pending>(std::move(*chosen));
  ready_.erase(chosen);
  return taken;
}

void PushQueue::settle(Pending pending, const Answer& answer) {
  ++counts_.attempts;
  ++counts_.answers[answer.status];
  if (answer.success()) {
    ++counts_.delivered;
  } else if (++pending.attempts < rules_.attempts) {
    pending.due = Clock::now() + rules_.retry_pause;
    retries_.push_back(std::move(pending));
  } else {
    ++counts_.failed;
    if (failures_.size() < kMostFailures) failures_.push_back({*pending.body, answer.error});
  }
}

void PushQueue::run(std::stop_token stop) {
  Poster poster(rules_, stop);
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    auto until = Clock::now() + std::chrono::hours{1};
    woken_ = false;
    auto pending = take(until);
    if (!pending) {
      changed_.notify_all();  // for wait_idle
      changed_.wait_until(lock, stop, until, [&] { return woken_; });
      continue;
    }
    sending_ = true;
    const std::string url = url_;
    const std::uint32_t every = behaviour_.settings().malformed_every;
    const bool malformed = every != 0 && (counts_.attempts + 1) % every == 0;
    const std::uint64_t kind = counts_.malformed;
    if (malformed) ++counts_.malformed;
    lock.unlock();
    if (malformed) (void)poster.post(url, malformed_notification(kind));
    const Answer answer = poster.post(url, *pending->body);
    lock.lock();
    sending_ = false;
    settle(std::move(*pending), answer);
  }
}

std::vector<PushQueue::Failure> PushQueue::failures() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

std::size_t PushQueue::resend_failures() {
  const std::lock_guard lock(mutex_);
  const std::size_t count = failures_.size();
  for (Failure& failure : failures_) ready_.push_back({std::make_shared<const std::string>(std::move(failure.body))});
  failures_.clear();
  woken_ = true;
  changed_.notify_all();
  return count;
}

PushCounts PushQueue::counts() const {
  const std::lock_guard lock(mutex_);
  PushCounts counts = counts_;
  counts.waiting = ready_.size() + retries_.size() + (sending_ ? 1 : 0);
  return counts;
}

void PushQueue::reset_counts() {
  const std::lock_guard lock(mutex_);
  counts_ = {};
}

}  // namespace acumatica_sim
