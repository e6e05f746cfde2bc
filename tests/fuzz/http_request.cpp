// Requests as strangers send them: whatever the bytes are, and however they are sliced, the outcome is the same,
// bounded, and what is accepted is what RFC 9112 allows.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "front/request_reader.hpp"
#include "front/syntax.hpp"
#include "fuzz/must_hold.hpp"

using namespace product_sync::front;
using State = RequestReader::State;

namespace {

constexpr std::uint64_t kLongestBody = 4'096;
constexpr HeadLimits kLimits{2'048, 1'024, 20};

struct Outcome {
  State state = State::head;
  int status = 0;
  std::string_view code;
  RequestHead head;
  std::string body;
  std::size_t end = 0;  ///< of the request, in the bytes
};

void check(const RequestHead& head) {
  must_hold(is_origin_form(head.target) && head.target.size() < kLimits.request_line, "a target is a path, and short");
  must_hold(head.fields.size() <= kLimits.fields, "fields are few");
  must_hold(!(head.chunked && head.content_length), "one framing");
  must_hold(!head.chunked || head.minor_version == 1, "chunks in HTTP/1.1 alone");
  must_hold(head.fields.count("content-length") + head.fields.count("transfer-encoding") <= 1, "said once");
  const auto hosts = head.fields.count("host");
  must_hold(hosts == 1 || (head.minor_version == 0 && hosts == 0), "one host");
  for (std::size_t i = 0; i < head.fields.size(); ++i) {
    const auto [name, value] = head.fields[i];
    must_hold(is_token(name) && trim_blanks(value) == value, "a field is a token and a trimmed value");
    for (const char c : value) must_hold(!is_control(c), "values have no control characters");
  }
}

/// Reads requests one after the other, in slices whose sizes `next_slice` gives.
template <class NextSlice>
std::vector<Outcome> read_all(std::string_view bytes, NextSlice next_slice) {
  std::vector<Outcome> outcomes;
  std::size_t taken = 0;
  while (true) {
    RequestReader reader(kLimits);
    Outcome outcome;
    while (taken < bytes.size()) {
      const auto slice = bytes.substr(taken, next_slice());
      const auto count = reader.read(slice);
      must_hold(count <= slice.size(), "it takes what there is");
      must_hold(count == slice.size() || reader.state() != State::head, "an unfinished head takes everything");
      taken += count;
      if (reader.state() == State::admission) {
        outcome.head = reader.head();
        check(outcome.head);
        reader.admit(kLongestBody);
      }
      must_hold(reader.body_size() <= kLongestBody, "bodies are bounded");
      if (reader.state() == State::complete || reader.state() == State::refused) break;
    }
    outcome.state = reader.state();
    outcome.end = taken;
    if (outcome.state == State::refused) {
      outcome.status = reader.refusal().status;
      outcome.code = reader.refusal().code;
      must_hold(outcome.status >= 400 && outcome.status < 600, "a refusal has a status");
    }
    if (outcome.state == State::complete) outcome.body = reader.take_body();
    outcomes.push_back(std::move(outcome));
    if (outcomes.back().state != State::complete || taken == bytes.size()) return outcomes;
  }
}

void check_same(const Outcome& whole, const Outcome& sliced) {
  must_hold(whole.state == sliced.state && whole.code == sliced.code, "slices change no outcome");
  must_hold(whole.head.method == sliced.head.method && whole.head.target == sliced.head.target, "nor the request");
  must_hold(whole.head.fields.size() == sliced.head.fields.size(), "nor its fields");
  must_hold(whole.body == sliced.body && whole.end == sliced.end, "nor its body and its end");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = read_all(bytes, [] { return std::string_view::npos; });
  std::uint32_t state = 2'463'534'242U ^ static_cast<std::uint32_t>(size);
  const auto random_slice = [&state] {  // xorshift: sizes from 1 to 64
    state ^= state << 13U;
    state ^= state >> 17U;
    state ^= state << 5U;
    return std::size_t{1} + state % 64;
  };
  for (const auto& sliced : {read_all(bytes, [] { return std::size_t{1}; }), read_all(bytes, random_slice)}) {
    must_hold(whole.size() == sliced.size(), "slices change no number of requests");
    for (std::size_t i = 0; i < whole.size(); ++i) check_same(whole[i], sliced[i]);
  }
  return 0;
}
