// What `product-sync plan` shows, as a process, against a simulated Acumatica: nothing of it may happen.

#include <algorithm>
#include <sstream>

#include "catch.hpp"
#include "installation.hpp"

using namespace product_sync;

namespace {

/// An installation that has synced everything once, after which one price was changed.
class PlannedInstallation : public Installation {
 public:
  explicit PlannedInstallation(const char* seed) : Installation({.items = 60, .acumatica = {"--seed", seed}}) {
    run({"sync", "full"});
    await_files(1);
    const auto exported = exported_items();
    changed = exported.begin()->first;
    other = std::next(exported.begin())->first;
    change({{"keys", {changed}}, {"set", {{"DefaultPrice", 4321.5}}}, {"notify", false}});
  }

  /// Edits the configuration file; returns the path of a copy of what it was.
  [[nodiscard]] std::string edit(const std::string& from, const std::string& to) const {
    const auto path = home() / "config.yaml";
    auto text = read_file(path);
    const auto before = home() / "before.yaml";
    write_file(before, text);
    const auto at = text.find(from);
    if (at == std::string::npos) throw std::runtime_error("the configuration has no " + from);
    write_file(path, text.replace(at, from.size(), to));
    return before.string();
  }

  std::string changed;  ///< inventory ID
  std::string other;
};

std::vector<std::string> csv_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// The products of a plan in JSON with that state, by SKU.
std::map<std::string, Json> planned(const std::string& output, const std::string& state) {
  std::map<std::string, Json> products;
  for (const auto& line : json_lines(output)) {
    if (line.value("state", "") == state) products[line["sku"].get<std::string>()] = line;
  }
  return products;
}

}  // namespace

TEST_CASE("plan shows the field that would change, old and new, and sends nothing") {
  PlannedInstallation installation("71");
  const int code = installation.run({"plan"});
  CHECK((code == 0 || code == 3));  // 3: some items are parked
  CHECK_THAT(installation.output(), ContainsSubstring(installation.changed + "  changed\n") &&
                                        ContainsSubstring("Buy It Now Price  ") &&
                                        ContainsSubstring(" -> 4321.50\n") &&
                                        ContainsSubstring("Plan of site eu: ") && ContainsSubstring("1 changed"));
  installation.await_files(1);
  CHECK(installation.products().at(installation.changed)["values"]["Buy It Now Price"] != "4321.50");

  // The sync that it was a plan of does just that, and the next plan has nothing left of it.
  installation.run({"sync", "full"});
  installation.await_files(2);
  CHECK(installation.products().at(installation.changed)["values"]["Buy It Now Price"] == "4321.50");
  installation.run({"plan", "--json"});
  CHECK(planned(installation.output(), "changed").empty());
}

TEST_CASE("plan --json gives an object for each product, then the totals and the run") {
  PlannedInstallation installation("72");
  installation.run({"plan", "--json"});
  const auto products = planned(installation.output(), "changed");
  REQUIRE(products.size() == 1);
  const auto& product = products.at(installation.changed);
  CHECK(product["site"] == "eu");
  CHECK(product["kind"] == "item");
  REQUIRE(product["changes"].size() == 1);
  CHECK(product["changes"][0]["field"] == "Buy It Now Price");
  CHECK(product["changes"][0]["after"] == "4321.50");
  CHECK(product["changes"][0]["before"] == installation.products().at(installation.changed)["values"]["Buy It Now Price"]);

  const auto last = json_lines(installation.output()).back();
  CHECK(last["totals"]["products"]["changed"] == 1);
  CHECK(last["totals"]["fields"] == Json{{"Buy It Now Price", 1}});
  CHECK(last["run"]["dry_run"] == true);
  CHECK(last["run"]["counts"]["rows"] == 1);
}

TEST_CASE("plan --csv writes a line for each field and reason, to a file or as all there is on standard output") {
  PlannedInstallation installation("73");
  const std::string header = "site,sku,kind,parent,state,field,before,after,reason_code,reason\r";
  const auto file = installation.home() / "plan.csv";
  installation.run({"plan", "--csv", file.string()});
  CHECK_THAT(installation.output(), ContainsSubstring("Plan of site eu: "));
  const auto lines = csv_lines(read_file(file));
  REQUIRE(lines.size() > 1);
  CHECK(lines[0] == header);
  const auto begin = "eu," + installation.changed + ",item,,changed,Buy It Now Price,";
  CHECK(std::ranges::count_if(lines, [&](const auto& line) {
          return line.starts_with(begin) && line.ends_with(",4321.50,,\r");
        }) == 1);

  installation.run({"plan", "--csv", "-"});
  CHECK(csv_lines(installation.output()) == lines);
  CHECK_THAT(installation.error_output(), ContainsSubstring("Plan of site eu: "));

  CHECK(installation.run({"plan", "--csv", (installation.home() / "missing" / "plan.csv").string()}) == 1);
  CHECK_THAT(installation.error_output(), ContainsSubstring("The plan cannot be written to "));
}

TEST_CASE("plan --most shortens the table and not the totals, plan --sku reads these items alone") {
  PlannedInstallation installation("74");
  installation.change({{"keys", {installation.other}}, {"set", {{"DefaultPrice", 1.25}}}, {"notify", false}});
  installation.run({"plan", "--most", "1"});
  CHECK_THAT(installation.output(), ContainsSubstring(" more product") && ContainsSubstring("2 changed"));

  REQUIRE(installation.run({"plan", "--sku", installation.other}) == 0);
  CHECK_THAT(installation.output(), ContainsSubstring(installation.other + "  changed\n") &&
                                        !ContainsSubstring(installation.changed) && ContainsSubstring("1 changed"));
}

TEST_CASE("plan --mapping-change shows what an edited configuration alters, against the last full sync or a file") {
  PlannedInstallation installation("75");
  const auto before = installation.edit("Buy It Now Price: field:DefaultPrice",
                                        "Buy It Now Price: {from: field:DefaultPrice, number: {places: 2, times: 2}}");
  const auto check = [&](const std::vector<std::string>& arguments) {
    installation.run(arguments);
    INFO(installation.error_output());
    const auto last = json_lines(installation.output()).back();
    const auto sent = installation.exported_items().size();
    CHECK(last["totals"]["fields"].size() == 1);
    CHECK(last["totals"]["fields"]["Buy It Now Price"].get<std::size_t>() > sent / 2);
    // The price that changed in Acumatica is judged under both: the ledger's old one plays no part.
    const auto change = planned(installation.output(), "changed").at(installation.changed)["changes"][0];
    CHECK(change["before"] == "4321.50");
    CHECK(change["after"] == "8643.00");
  };
  check({"plan", "--mapping-change", "--json"});
  check({"plan", "--mapping-change", "--against", before, "--json"});

  CHECK(installation.run({"plan", "--mapping-change", "--against", "/nowhere.yaml"}) == 2);
  CHECK_THAT(installation.error_output(), ContainsSubstring("/nowhere.yaml"));
  installation.await_files(1);
}
