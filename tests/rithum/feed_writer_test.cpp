#include "rithum/feed_writer.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <csignal>

#include "catch.hpp"
#include "support/catalog_samples.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;
using namespace product_sync::rithum;
using catalog::Cell;
using catalog::CellKind;
using catalog::Sku;
using catalog::samples::attribute;
using catalog::samples::column;

namespace {

catalog::Mapping branded() {
  return catalog::samples::mapping({column("Brand", "field:Brand"), attribute("Color", "field:Color")});
}

catalog::Row row(std::string_view sku, Cell brand, Cell color) {
  return {Sku::parse(sku).value(), "Electronics", {std::move(brand), std::move(color)}};
}

Cell set(std::string text) { return {CellKind::set, std::move(text)}; }

constexpr std::string_view kHeader = "Inventory Number\tBrand\tClassification\tAttribute1Name\tAttribute1Value\n";

}  // namespace

TEST_CASE("a finished feed tells its rows, bytes and SHA-256") {
  const TemporaryDirectory directory("feed");
  auto writer = FeedWriter::create(directory / "a.txt", branded(), {}).value();
  REQUIRE(writer.append(row("A", set("Sona"), set("red"))));
  REQUIRE(writer.append(row("B", {}, {CellKind::clear, {}})));
  const FeedFile file = writer.finish().value();

  const std::string text = read_file(directory / "a.txt");
  CHECK(text == std::string(kHeader) + "A\tSona\tElectronics\tColor\tred\nB\t\tElectronics\tColor\t_DELETE_\n");
  CHECK(file.path == directory / "a.txt");
  CHECK(file.rows == 2);
  CHECK(file.bytes == text.size());
  CHECK(file.sha256 == to_hex(sha256(text)));
}

TEST_CASE("a row that may be new carries a quantity of 0 more, and the others leave it blank") {
  const TemporaryDirectory directory("feed");
  auto writer = FeedWriter::create(directory / "a.txt", branded(), {.quantity_for_new = true}).value();
  auto fresh = row("A", set("Sona"), set("red"));
  fresh.maybe_new = true;
  REQUIRE(writer.append(fresh));
  REQUIRE(writer.append(row("B", set("Sona"), set("red"))));
  REQUIRE(writer.finish());
  CHECK(read_file(directory / "a.txt") ==
        "Inventory Number\tQuantity Update Type\tQuantity\tBrand\tClassification\tAttribute1Name\tAttribute1Value\n"
        "A\tRELATIVE\t0\tSona\tElectronics\tColor\tred\n"
        "B\t\t\tSona\tElectronics\tColor\tred\n");
}

TEST_CASE("a mapped quantity is the only one in the feed") {
  const TemporaryDirectory directory("feed");
  const auto mapping = catalog::samples::mapping(
      {column("Quantity Update Type", "constant:ABSOLUTE"), column("Quantity", "field:Quantity")});
  auto writer = FeedWriter::create(directory / "a.txt", mapping, {.quantity_for_new = true}).value();
  catalog::Row fresh{Sku::parse("A").value(), "Electronics", {set("ABSOLUTE"), set("7")}};
  fresh.maybe_new = true;
  REQUIRE(writer.append(fresh));
  REQUIRE(writer.finish());
  CHECK(read_file(directory / "a.txt") ==
        "Inventory Number\tQuantity Update Type\tQuantity\tClassification\nA\tABSOLUTE\t7\tElectronics\n");
}

TEST_CASE("an attribute that stays as it is leaves both of its cells blank") {
  const TemporaryDirectory directory("feed");
  auto writer = FeedWriter::create(directory / "a.txt", branded(), {}).value();
  REQUIRE(writer.append(row("A", set("Sona"), {})));
  REQUIRE(writer.finish());
  CHECK(read_file(directory / "a.txt") == std::string(kHeader) + "A\tSona\tElectronics\t\t\n");
}

TEST_CASE("a feed that is not finished leaves no file behind") {
  const TemporaryDirectory directory("feed");
  {
    auto writer = FeedWriter::create(directory / "a.txt", branded(), {}).value();
    REQUIRE(writer.append(row("A", set("Sona"), {})));
    CHECK(std::filesystem::exists(directory / "a.txt"));
  }
  CHECK_FALSE(std::filesystem::exists(directory / "a.txt"));
}

TEST_CASE("a writer that was moved from does not remove the file") {
  const TemporaryDirectory directory("feed");
  auto first = FeedWriter::create(directory / "a.txt", branded(), {}).value();
  {
    FeedWriter second = std::move(first);
    REQUIRE(second.append(row("A", set("Sona"), {})));
    REQUIRE(second.finish());
  }
  CHECK(std::filesystem::exists(directory / "a.txt"));
}

TEST_CASE("a file that exists is never written over") {
  const TemporaryDirectory directory("feed");
  write_file(directory / "a.txt", "mine");
  const auto writer = FeedWriter::create(directory / "a.txt", branded(), {});
  REQUIRE_FALSE(writer);
  CHECK(writer.error().code == "feed.exists");
  CHECK(read_file(directory / "a.txt") == "mine");
}

TEST_CASE("a directory that cannot be written to is an error that names the file") {
  const auto writer = FeedWriter::create("/nowhere/a.txt", branded(), {});
  REQUIRE_FALSE(writer);
  CHECK(writer.error().code == "feed.unwritable");
  CHECK_THAT(writer.error().message, ContainsSubstring("/nowhere/a.txt"));
}

TEST_CASE("a feed that the disk does not take is an error, and the file is gone") {
  const TemporaryDirectory directory("feed");
  std::signal(SIGXFSZ, SIG_IGN);  // so that a write beyond the limit fails instead
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const rlimit small{100'000, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  Result<void> appended;
  {
    auto writer = FeedWriter::create(directory / "a.txt", branded(), {}).value();
    for (int i = 0; i < 1000 && appended; ++i) {
      appended = writer.append(row("SKU" + std::to_string(i), set(std::string(1000, 'x')), {}));
    }
  }
  REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
  REQUIRE_FALSE(appended);
  CHECK(appended.error().code == "feed.unwritable");
  CHECK(appended.error().retry == Retry::later);
  CHECK_FALSE(std::filesystem::exists(directory / "a.txt"));
}

TEST_CASE("a value that would break its row is refused, and the file goes on without that row") {
  const auto [value, text] = GENERATE(table<std::string, std::string>({
      {"a\tb", "control character or line break"},
      {"a\nb", "control character or line break"},
      {"a\rb", "control character or line break"},
      {std::string("a\0b", 3), "control character or line break"},
      {"a\xE2\x80\xA8"
       "b",
       "control character or line break"},
      {"a\xFF", "not valid UTF-8"},
      {"\"a", "begins with a quotation mark"},
      {"_Delete_", "clear a field"},
  }));
  CAPTURE(value);
  const bool in_attribute = GENERATE(false, true);
  const TemporaryDirectory directory("feed");
  auto writer = FeedWriter::create(directory / "a.txt", branded(), {}).value();
  const auto refused = writer.append(row("BAD", set(in_attribute ? "Sona" : value), set(in_attribute ? value : "red")));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "feed.refused_value");
  CHECK_THAT(refused.error().message, ContainsSubstring(text));
  CHECK_THAT(refused.error().message, ContainsSubstring("SKU \"BAD\""));
  CHECK_THAT(refused.error().message, ContainsSubstring(in_attribute ? "\"Color\"" : "\"Brand\""));
  REQUIRE(writer.append(row("GOOD", set("Sona"), {})));
  CHECK(writer.finish().value().rows == 1);
  CHECK(read_file(directory / "a.txt") == std::string(kHeader) + "GOOD\tSona\tElectronics\t\t\n");
}

TEST_CASE("a pipe is an ordinary character in a tab feed and refused in a pipe feed") {
  const TemporaryDirectory directory("feed");
  auto tabs = FeedWriter::create(directory / "a.txt", branded(), {}).value();
  CHECK(tabs.append(row("A", set("So|na"), {})));
  FeedOptions options;
  options.delimiter = '|';
  auto pipes = FeedWriter::create(directory / "b.txt", branded(), options).value();
  const auto refused = pipes.append(row("A", set("So|na"), {}));
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().message, ContainsSubstring("delimiter \"|\""));
}

TEST_CASE("a row of another mapping is refused") {
  const TemporaryDirectory directory("feed");
  auto writer = FeedWriter::create(directory / "a.txt", branded(), {}).value();
  const auto refused = writer.append({Sku::parse("A").value(), "Electronics", {set("Sona")}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "feed.cells");
}

TEST_CASE("options and mappings that no feed can have are refused before a file is made") {
  const TemporaryDirectory directory("feed");
  FeedOptions options;
  catalog::Mapping mapping = branded();
  std::string code = "feed.options";
  SECTION("a comma: such files need quoting") { options.delimiter = ','; }
  SECTION("an unknown clear marker") { options.clear_marker = "_delete_"; }
  SECTION("a column behind an attribute") {
    std::swap(mapping.values[0], mapping.values[1]);
    code = "feed.mapping";
  }
  const auto writer = FeedWriter::create(directory / "a.txt", mapping, options);
  REQUIRE_FALSE(writer);
  CHECK(writer.error().code == code);
  CHECK_FALSE(std::filesystem::exists(directory / "a.txt"));
}

TEST_CASE("a feed much larger than the buffer is whole and hashed whole") {
  const TemporaryDirectory directory("feed");
  auto writer = FeedWriter::create(directory / "a.txt", branded(), {}).value();
  for (int i = 0; i < 2000; ++i) {
    REQUIRE(writer.append(row("SKU" + std::to_string(i), set(std::string(1000, 'x')), {})));
  }
  REQUIRE(writer.append(row("WIDE", set(std::string(1'000'000, 'y')), {})));
  const FeedFile file = writer.finish().value();
  const std::string text = read_file(directory / "a.txt");
  CHECK(file.rows == 2001);
  CHECK(file.bytes == text.size());
  CHECK(file.sha256 == to_hex(sha256(text)));
  CHECK(std::ranges::count(text, '\n') == 2002);
}
