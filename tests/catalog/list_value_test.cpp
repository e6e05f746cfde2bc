#include "catalog/list_value.hpp"

#include "catch.hpp"

using namespace product_sync::catalog;

namespace {

const Column& labels() { return *find_column("Labels"); }
const Column& pictures() { return *find_column("Picture URLs"); }
const Column& quantities() { return *find_column("DC Quantity"); }

/// The cell, or the code of the violation.
std::string made(const Column& column, const std::vector<std::string>& entries, const PictureForm& form = {},
                 const Policies& policies = {}) {
  const auto value = make_list(column, entries, form, {policies, {}, {}});
  return value ? value->text : value.error().code;
}

}  // namespace

TEST_CASE("labels are split at commas, sorted, and each once") {
  CHECK(made(labels(), {"Web, Sale", "web", " ", "Autumn"}) == "Autumn,Sale,Web");
  CHECK(made(labels(), {}).empty());
  CHECK(made(labels(), {"-Web"}) == "value.not_a_label");
  CHECK(made(labels(), {"b,\"a"}) == "value.starts_with_quote");
}

TEST_CASE("pictures get their placements in order, each address once") {
  CHECK(made(pictures(), {"https://a/1.jpg", "https://a/2.jpg", "https://a/1.jpg"}) ==
        "ITEMIMAGEURL1=https://a/1.jpg,ITEMIMAGEURL2=https://a/2.jpg");
  CHECK(made(pictures(), {"https://a/1.jpg, https://a/2.jpg"}) ==
        "ITEMIMAGEURL1=https://a/1.jpg,ITEMIMAGEURL2=https://a/2.jpg");
  CHECK(made(pictures(), {"https://a/1.jpg", "SWATCH=https://a/s.jpg"}) ==
        "ITEMIMAGEURL1=https://a/1.jpg,SWATCH=https://a/s.jpg");
  CHECK(made(pictures(), {"ITEMIMAGEURL2=https://a/2.jpg", "https://a/1.jpg", "https://a/3.jpg"}) ==
        "ITEMIMAGEURL2=https://a/2.jpg,ITEMIMAGEURL1=https://a/1.jpg,ITEMIMAGEURL3=https://a/3.jpg");
  CHECK(made(pictures(), {"A=https://a/1.jpg", "a=https://a/2.jpg"}) == "value.not_a_picture");
  CHECK(made(pictures(), {"A=https://a/1,2.jpg,b.jpg"}) == "A=https://a/1%2C2.jpg%2Cb.jpg");
  CHECK(made(pictures(), {"a.jpg,b.jpg"}, {.placement = ""}) == "a.jpg,b.jpg");
  CHECK(made(pictures(), {"https://a/1.jpg"}, {.placement = "IMG"}) == "IMG1=https://a/1.jpg");
}

TEST_CASE("what separates pictures is encoded inside of addresses") {
  CHECK(made(pictures(), {"https://a/x,y.jpg?w=100&h=50"}) == "ITEMIMAGEURL1=https://a/x%2Cy.jpg?w%3D100&h%3D50");
  CHECK(made(pictures(), {"https://a/my picture.jpg"}) == "ITEMIMAGEURL1=https://a/my%20picture.jpg");
}

TEST_CASE("pictures that Rithum would not take are refused") {
  const std::string file(97, 'x');
  const std::string placement(51, 'P');
  CHECK(made(pictures(), {"https://a/" + std::string(246, 'x')}) == "value.too_long");
  CHECK(made(pictures(), {"http://a/1.jpg"}) == "value.not_https");
  CHECK(made(pictures(), {"ftp://a/1.jpg"}) == "value.not_a_picture");
  CHECK(made(pictures(), {"C:\\pictures\\1.jpg"}) == "value.not_a_picture");
  CHECK(made(pictures(), {file + ".jpg"}) == "value.too_long");
  CHECK(made(pictures(), {placement + "=https://a/1.jpg"}) == "value.not_a_picture");
  CHECK(made(pictures(), {"\"https://a/1.jpg\""}) == "value.starts_with_quote");
}

TEST_CASE("policies settle violations entry by entry") {
  CHECK(made(pictures(), {"http://a/1.jpg", "https://a/2.jpg"}, {}, {{"not_https", Policy::drop}}) ==
        "ITEMIMAGEURL1=https://a/2.jpg");
  CHECK(made(pictures(), {"http://a/1.jpg"}, {}, {{"not_https", Policy::send}}) == "ITEMIMAGEURL1=http://a/1.jpg");
  const Policies dropping{{"not_https", Policy::drop}};
  const auto value = make_list(pictures(), {"http://a/1.jpg"}, {}, {dropping, {}, {}}).value();
  CHECK(value.text.empty());
  CHECK(value.dropped);
  CHECK(value.notes.size() == 1);
}

TEST_CASE("at most twenty pictures are sent") {
  std::vector<std::string> many;
  for (int i = 0; i < 21; ++i) many.push_back("https://a/" + std::to_string(i) + ".jpg");
  CHECK(made(pictures(), many) == "value.too_many");
  CHECK_THAT(made(pictures(), many, {}, {{"too_many", Policy::shorten}}),
             ContainsSubstring("ITEMIMAGEURL20=") && !ContainsSubstring("ITEMIMAGEURL21="));
  CHECK(made(pictures(), many, {}, {{"too_many", Policy::drop}}).empty());
}

TEST_CASE("quantities by distribution center are whole, and their codes are checked where they are known") {
  CHECK(made(quantities(), {"MAIN=12", "EAST = 3.0"}) == "EAST=3,MAIN=12");
  for (const char* wrong : {"MAIN", "MAIN=", "=3", "MAIN=1.5", "MAIN=-1", "MAIN=x"}) {
    CAPTURE(wrong);
    CHECK(made(quantities(), {wrong}) == "value.not_a_quantity");
  }
  CHECK(made(quantities(), {"MAIN=1", "main=2"}) == "value.not_a_quantity");
  References references;
  references.distribution_centers = {"MAIN"};
  CHECK(make_list(quantities(), {"main=1"}, {}, {{}, {}, references}).value().text == "main=1");
  CHECK(make_list(quantities(), {"EAST=1"}, {}, {{}, {}, references}).error().code == "value.unknown_reference");
}

TEST_CASE("labels that were told and are gone are taken away by name") {
  const PictureForm form;
  CHECK(list_change(labels(), form, "", "A,B") == "A,B");
  CHECK(list_change(labels(), form, "A,B", "B,C") == "B,C,-A");
  CHECK(list_change(labels(), form, "A,B", "") == "-A,-B");
  CHECK(list_change(labels(), form, "a", "A") == "A");
}

TEST_CASE("placements that are gone are emptied only where that is configured") {
  const std::string before = "ITEMIMAGEURL1=https://a/1.jpg,ITEMIMAGEURL2=https://a/2.jpg";
  const std::string after = "ITEMIMAGEURL1=https://a/3.jpg";
  CHECK(list_change(pictures(), {}, before, after) == after);
  const PictureForm emptying{.removed = PictureForm::Removed::empty};
  CHECK(list_change(pictures(), emptying, before, after) == after + ",ITEMIMAGEURL2=");
  CHECK(list_change(pictures(), emptying, before, "") == "ITEMIMAGEURL1=,ITEMIMAGEURL2=");
  CHECK(list_change(quantities(), emptying, "A=1,B=2", "A=1") == "A=1");
}
