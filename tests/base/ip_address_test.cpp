#include "base/ip_address.hpp"

#include "catch.hpp"

using product_sync::IpAddress;
using product_sync::IpRange;

TEST_CASE("an IPv4 address and its IPv6 spelling are one address, shown in dotted form") {
  CHECK(IpAddress::parse("203.0.113.9") == IpAddress::parse("::ffff:203.0.113.9"));
  CHECK(IpAddress::parse("::ffff:203.0.113.9")->text() == "203.0.113.9");
  CHECK(IpAddress::parse("2001:DB8::1")->text() == "2001:db8::1");
}

TEST_CASE("what is no address is refused") {
  for (const char* text : {"", "203.0.113", "203.0.113.256", "203.0.113.9:80", "[::1]", "fe80::1%eth0", " 1.2.3.4"}) {
    INFO(text);
    CHECK_FALSE(IpAddress::parse(text));
  }
}

TEST_CASE("loopback is 127.0.0.0/8 and ::1") {
  CHECK(IpAddress::parse("127.9.9.9")->is_loopback());
  CHECK(IpAddress::parse("::1")->is_loopback());
  CHECK_FALSE(IpAddress::parse("::2")->is_loopback());
  CHECK_FALSE(IpAddress::parse("128.0.0.1")->is_loopback());
}

TEST_CASE("one subscriber is an IPv4 address or 64 bits of IPv6") {
  CHECK(IpAddress::parse("203.0.113.9")->network() == IpAddress::parse("203.0.113.9"));
  CHECK(IpAddress::parse("2001:db8:1:2:3:4:5:6")->network() == IpAddress::parse("2001:db8:1:2::"));
}

TEST_CASE("a range contains what shares its prefix") {
  const auto contains = [](const char* range, const char* address) {
    return IpRange::parse(range)->contains(*IpAddress::parse(address));
  };
  CHECK(contains("10.0.0.0/8", "10.255.0.1"));
  CHECK_FALSE(contains("10.0.0.0/8", "11.0.0.1"));
  CHECK(contains("192.168.4.0/22", "192.168.7.255"));
  CHECK_FALSE(contains("192.168.4.0/22", "192.168.8.0"));
  CHECK(contains("203.0.113.9", "203.0.113.9"));
  CHECK_FALSE(contains("203.0.113.9", "203.0.113.8"));
  CHECK(contains("0.0.0.0/0", "203.0.113.9"));
  CHECK_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
  CHECK(contains("2001:db8::/32", "2001:db8:ffff::1"));
  CHECK(contains("::/0", "203.0.113.9"));
}

TEST_CASE("a range with bits behind its prefix, or a prefix that is too long, is refused") {
  for (const char* text : {"10.0.0.1/8", "10.0.0.0/33", "2001:db8::/129", "10.0.0.0/", "10.0.0.0/8x", "/8", "::1/64"}) {
    INFO(text);
    CHECK_FALSE(IpRange::parse(text));
  }
  CHECK(IpRange::parse("10.0.0.0/8")->text() == "10.0.0.0/8");
  CHECK(IpRange::parse("2001:db8::/32")->text() == "2001:db8::/32");
}
