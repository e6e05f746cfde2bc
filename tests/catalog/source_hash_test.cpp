#include "catalog/source_hash.hpp"

#include "catch.hpp"
#include "support/catalog_samples.hpp"

using namespace product_sync::catalog;
using samples::attribute;
using samples::column;

namespace {

const Mapping& mapping() {
  static const Mapping kMapping = samples::mapping(
      {column("Auction Title", "field:Description"), column("UPC", "cross_reference:Barcode"),
       column("Picture URLs", "detail:FileURLs[FileType=Image].FileURL"), attribute("Color", "attribute:COLOR.label"),
       column("Short Description", "translation:Description@fr")});
  return kMapping;
}

Item hashed_radio() {
  Item item = samples::item("R");
  item.attributes = {{"COLOR", "RED", "Red"}};
  item.cross_references = {{"Barcode", "4006381333931", "EA"}};
  item.translations["Description"] = {{"fr", "Une radio"}};
  item.details["FileURLs"] = {{{"FileURL", "https://a/1.jpg"}, {"FileType", "Image"}, {"NoteID", "1"}}};
  return item;
}

std::string hash(const Item& item) { return source_hash(item, mapping().needs(), mapping().fingerprint()); }

}  // namespace

TEST_CASE("the hash of an item's sources changes with everything that the mapping reads") {
  const std::string before = hash(hashed_radio());
  CHECK(before.size() == 64);
  CHECK(hash(hashed_radio()) == before);
  Item changed = hashed_radio();
  SECTION("a field") { changed.fields["Description"] = "Other"; }
  SECTION("the class") { changed.fields["ItemClass"] = "TOYS"; }
  SECTION("the status") { changed.fields["ItemStatus"] = "Inactive"; }
  SECTION("the box") { changed.custom_fields.clear(); }
  SECTION("the template") { changed.fields["TemplateItemID"] = "T"; }
  SECTION("an attribute") { changed.attributes[0].label = "Dark red"; }
  SECTION("an attribute less") { changed.attributes.clear(); }
  SECTION("an alternate ID") { changed.cross_references[0].uom = "BOX"; }
  SECTION("another language") { changed.translations["Description"]["fr"] = "Un poste"; }
  SECTION("a language less") { changed.translations.clear(); }
  SECTION("a row") { changed.details["FileURLs"].push_back({{"FileURL", "https://a/2.jpg"}}); }
  SECTION("a column that is filtered by") { changed.details["FileURLs"][0]["FileType"] = "Video"; }
  CHECK(hash(changed) != before);
}

TEST_CASE("what the mapping does not read does not change the hash, the mapping itself does") {
  Item changed = hashed_radio();
  changed.fields["LastModifiedDateTime"] = "2026-11-24";
  changed.details["FileURLs"][0]["NoteID"] = "2";
  CHECK(hash(changed) == hash(hashed_radio()));
  Mapping other = mapping();
  other.policies["too_long"] = Policy::drop;
  CHECK(source_hash(hashed_radio(), other.needs(), other.fingerprint()) != hash(hashed_radio()));
}
