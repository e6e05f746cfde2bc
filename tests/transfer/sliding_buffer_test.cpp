#include "transfer/sliding_buffer.hpp"

#include <algorithm>

#include "catch.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;
using namespace product_sync::transfer;

TEST_CASE("a window slides over a stream without losing, repeating or reordering a byte") {
  const auto window = GENERATE(std::size_t{1}, std::size_t{7}, std::size_t{100});
  const auto acknowledged = GENERATE(std::size_t{1}, std::size_t{3}, std::size_t{100});
  const auto read_at_once = GENERATE(std::size_t{1}, std::size_t{5}, std::size_t{1000});
  const auto stream = random_bytes(997);
  std::string_view rest = stream;
  const ReadSome source = [&](std::span<char> space) -> Result<std::size_t> {
    const auto count = rest.copy(space.data(), std::min(space.size(), read_at_once));
    rest.remove_prefix(count);
    return count;
  };

  SlidingBuffer buffer(window);
  std::string out;
  while (true) {
    const std::string before(buffer.content());
    REQUIRE(buffer.fill(source));
    if (buffer.done()) break;
    const auto content = buffer.content();
    REQUIRE(content.starts_with(before));  // what libssh2 has seen it sees again
    REQUIRE(content.size() == std::min(window, stream.size() - out.size()));
    out += content.substr(0, acknowledged);
    buffer.acknowledge(acknowledged);
  }
  CHECK(out == stream);
}

TEST_CASE("an error of the source comes out of the window") {
  SlidingBuffer buffer(10);
  const auto filled =
      buffer.fill([](std::span<char>) -> Result<std::size_t> { return fail("local.broken", "broken"); });
  CHECK(filled.error().code == "local.broken");
}
