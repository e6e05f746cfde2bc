#include "front/connection_limits.hpp"

#include "catch.hpp"

using product_sync::IpAddress;
using product_sync::front::ConnectionLimits;
using Phase = ConnectionLimits::Phase;

namespace {

const auto kHere = *IpAddress::parse("203.0.113.1");
const auto kThere = *IpAddress::parse("203.0.113.2");

}  // namespace

TEST_CASE("below the limits everybody comes in") {
  ConnectionLimits limits(2, 2);
  CHECK(limits.room_for(kHere).available);
  CHECK_FALSE(limits.room_for(kHere).victim);
}

TEST_CASE("at the limit the oldest idle connection makes room") {
  ConnectionLimits limits(3, 3);
  for (ConnectionLimits::Slot slot = 0; slot < 3; ++slot) limits.opened(slot, kHere);
  limits.moved(0, Phase::busy);
  CHECK(limits.room_for(kThere).victim == 1U);
  limits.moved(1, Phase::receiving);
  limits.moved(1, Phase::idle);  // was used since: slot 2 is older now
  CHECK(limits.room_for(kThere).victim == 2U);
}

TEST_CASE("where none is idle, the one that has been sending for the longest makes room") {
  ConnectionLimits limits(2, 2);
  limits.opened(0, kHere);
  limits.opened(1, kHere);
  limits.moved(1, Phase::receiving);
  limits.moved(0, Phase::receiving);
  CHECK(limits.room_for(kThere).victim == 1U);
}

TEST_CASE("connections that are being answered never make room") {
  ConnectionLimits limits(1, 1);
  limits.opened(0, kHere);
  limits.moved(0, Phase::busy);
  CHECK_FALSE(limits.room_for(kThere).available);
  limits.closed(0);
  CHECK(limits.room_for(kThere).available);
}

TEST_CASE("who is at the limit of one address makes room among its own") {
  ConnectionLimits limits(100, 2);
  limits.opened(0, kThere);
  limits.opened(1, kHere);
  limits.opened(2, kHere);
  CHECK(limits.room_for(kHere).victim == 1U);
  CHECK_FALSE(limits.room_for(kThere).victim);
  limits.moved(1, Phase::busy);
  limits.moved(2, Phase::busy);
  CHECK_FALSE(limits.room_for(kHere).available);
  CHECK(limits.room_for(kThere).available);
}

TEST_CASE("addresses of one IPv6 network share a limit") {
  ConnectionLimits limits(100, 1);
  limits.opened(0, *IpAddress::parse("2001:db8:0:1::1"));
  CHECK(limits.room_for(*IpAddress::parse("2001:db8:0:1::2")).victim == 0U);
  CHECK_FALSE(limits.room_for(*IpAddress::parse("2001:db8:0:2::1")).victim);
}

TEST_CASE("what closes is not counted any more") {
  ConnectionLimits limits(100, 100);
  limits.opened(0, kHere);
  limits.opened(1, kHere);
  limits.moved(1, Phase::receiving);
  CHECK(limits.count() == 2);
  CHECK(limits.count(Phase::receiving) == 1);
  limits.closed(1);
  CHECK(limits.count() == 1);
  CHECK(limits.count_of(kHere) == 1);
  limits.closed(0);
  CHECK(limits.count_of(kHere) == 0);
  CHECK_FALSE(limits.oldest());
}
