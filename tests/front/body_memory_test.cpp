#include "front/body_memory.hpp"

#include "catch.hpp"

using product_sync::front::BodyMemory;

namespace {

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;

}  // namespace

TEST_CASE("bodies of any size share the memory") {
  BodyMemory memory(8 * kMiB);
  CHECK(memory.change(0, 4 * kMiB));
  CHECK(memory.change(0, 60 * kKiB));
  CHECK(memory.used() == 4 * kMiB + 60 * kKiB);
  memory.release(4 * kMiB);
  CHECK(memory.used() == 60 * kKiB);
}

TEST_CASE("large bodies do not get at what is kept for small ones") {
  BodyMemory memory(8 * kMiB);
  CHECK(memory.change(0, 7 * kMiB));
  CHECK_FALSE(memory.change(0, 65 * kKiB));
  memory.release(65 * kKiB);
  for (int i = 0; i < 16; ++i) CHECK(memory.change(0, 64 * kKiB));
  CHECK_FALSE(memory.change(0, 1));  // now it is full
}

TEST_CASE("a body that grows becomes a large one with all that it holds") {
  BodyMemory memory(8 * kMiB);
  CHECK(memory.change(0, 6 * kMiB));
  CHECK(memory.change(0, 64 * kKiB));
  CHECK(memory.change(64 * kKiB, kMiB));
  CHECK_FALSE(memory.change(kMiB, kMiB + 1));
  memory.release(kMiB + 1);
  memory.release(6 * kMiB);
  CHECK(memory.used() == 0);
  CHECK(memory.change(0, 7 * kMiB));
}
