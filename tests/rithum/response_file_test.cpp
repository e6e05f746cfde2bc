#include "rithum/response_file.hpp"

#include "catch.hpp"
#include "support/temporary_directory.hpp"
#include "zip_archive.hpp"

using namespace product_sync;
using namespace product_sync::rithum;

namespace {

/// `SKU=taken` or `SKU: reason` for each row; or the error's code and text.
std::vector<std::string> read_responses(const std::string& content, const ResponseFormat& format = {}) {
  const TemporaryDirectory home("response");
  write_file(home / "file", content);
  std::vector<std::string> rows;
  const auto read = read_response_file(home / "file", "CAAll-1_response.txt", format, [&](ResponseRow&& row) {
    rows.push_back(row.sku + (row.taken ? "=taken" : ": " + row.reason));
    return Result<void>{};
  });
  if (!read) return {read.error().code + ": " + read.error().text()};
  CHECK(*read == rows.size());
  return rows;
}

using Rows = std::vector<std::string>;

}  // namespace

TEST_CASE("a response file is read by the columns and words that the configuration names") {
  CHECK(read_responses("Row\tInventory Number\tStatus\tError Message\n2\tA\tCreated\t\n3\tB\tERROR\tNo such supplier\n") ==
        Rows{"A=taken", "B: No such supplier"});
  CHECK(read_responses("sku,result\r\nA,updated\r\n\"B,1\",failed\r\n") == Rows{"A=taken", "B,1: failed"});
  CHECK(read_responses(zip_of({{"response.txt", "SKU\tStatus\nA\tOK\n"}})) == Rows{"A=taken"});
  CHECK(read_responses("Artikel\tErgebnis\tGrund\nA\tgut\t\nB\tschlecht\tKeine Lust\n",
                       {.sku_columns = {"Artikel"},
                        .status_columns = {"Ergebnis"},
                        .message_columns = {"Grund"},
                        .success_words = {"gut"},
                        .error_words = {"schlecht"}}) == Rows{"A=taken", "B: Keine Lust"});
  INFO("without a status a message is a refusal");
  CHECK(read_responses("SKU\tErrors\nA\t\nB\tNo\n", {.status_columns = {}}) == Rows{"A=taken", "B: No"});
  INFO("words that are no UTF-8 can be told all the same");
  CHECK(read_responses("SKU\tStatus\tMessage\nA\tError\tGr\xF6\xDF" "e\n") == Rows{"A: Gr??e"});
}

TEST_CASE("a response file that could be read wrongly is refused, with the place and the key of the configuration") {
  struct Case {
    std::string content;
    std::vector<std::string> said;
  };
  const auto one = GENERATE(
      Case{"Item\tStatus\nA\tOK\n", {"columns Item, Status, none of which is known to hold the SKU", "response_files.sku_columns"}},
      Case{"SKU\tOutcome\nA\tOK\n", {"known to hold the status", "response_files.status_columns"}},
      Case{"SKU\tStatus\nA\tOK\nB\tPerhaps\n",
           {"says \"Perhaps\" of SKU B in row 2", "neither a word of success nor of an error", "success_words or error_words"}},
      Case{"SKU\tStatus\nA\n", {"says \"\" of SKU A in row 1"}}, Case{"SKU\tStatus\nA\tOK\n\tOK\n", {"has no SKU in row 2"}},
      Case{"SKU\tStatus\n", {"has no row"}}, Case{"", {"has no row"}});
  const auto said = read_responses(one.content);
  REQUIRE(said.size() >= 1);
  CHECK_THAT(said.back(), ContainsSubstring("rithum.bad_response: The response file CAAll-1_response.txt "));
  for (const auto& words : one.said) CHECK_THAT(said.back(), ContainsSubstring(words));
}

TEST_CASE("a response file without a status has to have a message") {
  CHECK_THAT(read_responses("SKU\tOther\nA\tx\n", {.status_columns = {}}).at(0), ContainsSubstring("response_files.message_columns"));
}
