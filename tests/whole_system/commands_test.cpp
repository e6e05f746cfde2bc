// What an operator does by hand, as processes: confirm, retry-rejected, resend, files drop. Each says what it did, has an exit
// code that can be trusted, and names the fix of what it refuses.

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "catch.hpp"
#include "installation.hpp"

using namespace product_sync;

namespace {

/// Like another process that holds one of the store's leases.
class HeldLease {
 public:
  HeldLease(const Installation& installation, const std::string& name)
      : descriptor_(::open((installation.state() / "locks" / (name + ".lock")).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    if (descriptor_ < 0 || ::fcntl(descriptor_, F_OFD_SETLK, &lock) != 0) throw std::runtime_error("no lease " + name);
  }
  ~HeldLease() { ::close(descriptor_); }
  HeldLease(const HeldLease&) = delete;
  HeldLease& operator=(const HeldLease&) = delete;

 private:
  int descriptor_;
};

Json files_of(Installation& installation) {
  REQUIRE(installation.run({"files", "list", "--json"}) == 0);
  return json_lines(installation.output());
}

void change_title(Installation& installation, const std::string& key, const std::string& title) {
  installation.change({{"keys", {key}}, {"set", {{"Description", title}}}, {"notify", false}});
}

void sync_all(Installation& installation) {
  const int code = installation.run({"sync", "full"});
  INFO(installation.output() << installation.error_output());
  REQUIRE((code == 0 || code == 3));  // 3: the catalogue holds items that have to be parked
}

}  // namespace

TEST_CASE("confirm reads back what was sent, says what it found, and has nothing to do the second time") {
  Installation installation({.items = 60, .acumatica = {"--seed", "61"}, .rithum_interface = true});
  sync_all(installation);
  installation.await_files(1);
  const auto sent = installation.products().size();
  REQUIRE(installation.run({"confirm"}) == 0);
  CHECK_THAT(installation.output(), ContainsSubstring(fmt::format("eu: read {0}, confirmed {0}, different 0", sent)) &&
                                        ContainsSubstring(fmt::format("IDs written {}", sent)));

  REQUIRE(installation.run({"confirm"}) == 0);
  CHECK_THAT(installation.output(), ContainsSubstring("eu: read 0, confirmed 0") && ContainsSubstring("IDs written 0"));
  REQUIRE(installation.run({"confirm", "--all", "--json"}) == 0);
  const auto all = json_lines(installation.output()).at(0);
  CHECK(all["read"] == sent);
  CHECK(all["vanished"] == 0);

  SECTION("a site that does not exist is a wrong command line") {
    CHECK(installation.run({"confirm", "--site", "mars"}) == 2);
    CHECK_THAT(installation.error_output(), ContainsSubstring("--site mars: there is no such site in "));
  }
  SECTION("beside another process that reads back it does nothing, and says so") {
    const HeldLease other(installation, "confirmation.eu");
    CHECK(installation.run({"confirm"}) == 4);
    CHECK_THAT(installation.error_output(), ContainsSubstring("site eu: another process is reading back"));
  }
  SECTION("without Rithum's answer it fails and says whom it asked") {
    installation.rithum().behave({{"status", 500}, {"status_requests", 1000}});
    CHECK(installation.run({"confirm", "--all"}) == 1);
    CHECK_THAT(installation.error_output(), ContainsSubstring("product-sync: site eu: "));
  }
}

TEST_CASE("confirm without Rithum's interface names the configuration that is missing") {
  Installation installation({.items = 5, .acumatica = {"--seed", "62"}});
  CHECK(installation.run({"confirm"}) == 2);
  CHECK_THAT(installation.error_output(), ContainsSubstring("rithum.*"));
}

TEST_CASE("retry-rejected lets the next sync send again what Rithum refused, all of it or one product") {
  Installation installation({.items = 60,
                             .acumatica = {"--seed", "63"},
                             .rithum_interface = true,
                             .message_queue_threshold = 100,
                             .classifications = {"Electronics"}});
  installation.run({"sync", "delta"});
  const auto rejected = [&] {
    Json found = Json::array();
    installation.run({"status", "--json"});
    return json_lines(installation.output()).at(0)["products"].value("rejected", 0);
  };
  await("the refusal of toys", [&] { return installation.run({"confirm"}) == 0 && rejected() > 1; });
  const auto refused = rejected();
  std::string toy;
  for (const auto& [key, item] : installation.exported_items()) {
    if (item["ItemClass"]["value"].get<std::string>().starts_with("TOYS")) toy = key;
  }

  REQUIRE(installation.run({"retry-rejected", toy}) == 0);
  CHECK(installation.output() == "eu: 1 rejected product is sent again by the next sync\n");
  REQUIRE(installation.run({"retry-rejected", "--json"}) == 0);
  CHECK(json_lines(installation.output()).at(0)["products"] == refused);
  installation.run({"sync", "delta", "--json"});
  CHECK(json_lines(installation.output()).back()["counts"]["rows"] == refused);

  SECTION("nothing is rejected any more: nothing to do") {
    REQUIRE(installation.run({"retry-rejected"}) == 0);
    CHECK(installation.output() == "eu: 0 rejected products are sent again by the next sync\n");
  }
  SECTION("a product that is not rejected is named, with the way to see where it stands") {
    CHECK(installation.run({"retry-rejected", toy}) == 1);
    CHECK_THAT(installation.error_output(), ContainsSubstring("Product " + toy + " is not rejected") &&
                                                ContainsSubstring("\"product-sync product " + toy + "\""));
  }
  SECTION("a site that does not exist is a wrong command line") {
    CHECK(installation.run({"retry-rejected", "--site", "mars"}) == 2);
  }
}

TEST_CASE("resend sends a delivered file again, and refuses where that would put old values back") {
  Installation installation({.items = 40, .acumatica = {"--seed", "64"}});
  sync_all(installation);
  installation.await_files(1);
  const auto file = files_of(installation).at(0);
  const auto name = file["name"].get<std::string>();

  REQUIRE(installation.run({"resend", name}) == 0);
  CHECK(installation.output() == fmt::format("Sending {} ({} rows) again.\nDelivered.\n", name, file["rows"].get<int>()));
  installation.await_files(2);
  REQUIRE(installation.run({"resend", std::to_string(file["id"].get<int>()), "--json"}) == 0);
  CHECK(json_lines(installation.output()).at(0)["state"] == "delivered");
  installation.await_files(3);

  SECTION("a file that does not exist: the list of files is named") {
    CHECK(installation.run({"resend", "nothing.txt"}) == 1);
    CHECK_THAT(installation.error_output(), ContainsSubstring("\"nothing.txt\"") &&
                                                ContainsSubstring("\"product-sync files list\""));
  }
  SECTION("a site that does not exist is a wrong command line") {
    CHECK(installation.run({"resend", name, "--site", "mars"}) == 2);
    CHECK(installation.run({"resend"}) == 2);
  }
  SECTION("newer files went out since: both ways out are named, and each works") {
    const auto key = installation.exported_items().begin()->first;
    change_title(installation, key, "Newer");
    installation.run({"sync", "delta"});
    installation.await_files(4);
    CHECK(installation.run({"resend", name}) == 1);
    CHECK_THAT(installation.error_output(),
               ContainsSubstring("1 newer file went out") && ContainsSubstring("--with-newer") && ContainsSubstring("--force"));
    CHECK(installation.run({"resend", name, "--with-newer", "--force"}) == 2);
    REQUIRE(installation.run({"resend", name, "--with-newer"}) == 0);
    installation.await_files(6);
    CHECK(installation.products().at(key)["values"]["Auction Title"] == "Newer");
    REQUIRE(installation.run({"resend", name, "--force"}) == 0);
    installation.await_files(7);
    CHECK(installation.products().at(key)["values"]["Auction Title"] != "Newer");
  }
  SECTION("a copy that is damaged is not sent") {
    write_file(installation.state() / "feeds" / "eu" / name, "something else");
    CHECK(installation.run({"resend", name}) == 1);
    CHECK_THAT(installation.error_output(), ContainsSubstring("is not what was written") &&
                                                ContainsSubstring("a full sync sends what differs"));
  }
  SECTION("the destination is away: the file waits, and the failure has its exit code") {
    installation.ssh().kill();
    CHECK(installation.run({"resend", name}) == 1);
    CHECK(files_of(installation).at(0)["state"] == "waiting");
    installation.ssh().start();
    installation.serve();  // delivers what waits
    installation.await_files(4);
  }
}

TEST_CASE("status and the overview say how many files wait, when the next attempt is, and why the last one failed") {
  Installation installation({.items = 40, .acumatica = {"--seed", "66"}});
  const auto status = [&] {
    REQUIRE(installation.run({"status", "--json"}) == 0);
    return json_lines(installation.output()).at(0);
  };
  CHECK(status()["waiting_files"] == 0);
  CHECK(status()["waiting_file"].is_null());

  installation.ssh().kill();
  CHECK(installation.run({"sync", "full"}) == 1);
  const auto key = installation.exported_items().begin()->first;
  change_title(installation, key, "Waits as well");
  CHECK(installation.run({"sync", "delta"}) == 1);
  const auto waiting = status();
  CHECK(waiting["waiting_files"] == 2);
  CHECK(waiting["waiting_file"]["name"] == files_of(installation).back()["name"]);
  CHECK(waiting["waiting_file"]["next_attempt"].is_string());
  CHECK(waiting["waiting_file"]["last_error"].is_string());
  REQUIRE(installation.run({"status"}) == 0);
  CHECK_THAT(installation.output(),
             ContainsSubstring("waiting for delivery   2 files") &&
                 ContainsSubstring("next at " + waiting["waiting_file"]["next_attempt"].get<std::string>() + ": "));

  installation.serve();
  const auto shown = installation.api("/v1/overview")["sites"][0];
  CHECK(shown["waiting_files"] == 2);
  CHECK(shown["waiting_file"]["name"] == waiting["waiting_file"]["name"]);
  installation.ssh().start();
  installation.sync("delta");
  installation.settle();
  CHECK(installation.api("/v1/overview")["sites"][0]["waiting_files"] == 0);
}

TEST_CASE("files drop gives up a file that waits, and its items are read and sent by the next sync") {
  Installation installation({.items = 40, .acumatica = {"--seed", "65"}});
  installation.ssh().kill();
  CHECK(installation.run({"sync", "full"}) == 1);
  const auto file = files_of(installation).at(0);
  REQUIRE(file["state"] == "waiting");
  const auto id = std::to_string(file["id"].get<int>());
  const auto rows = file["rows"].get<std::size_t>();

  SECTION("it is given up once") {
    REQUIRE(installation.run({"files", "drop", id}) == 0);
    CHECK_THAT(installation.output(), ContainsSubstring(fmt::format("File {} was given up. Its {} items", id, rows)));
    CHECK(files_of(installation).at(0)["state"] == "dropped");
    CHECK(installation.run({"files", "drop", id}) == 1);
    CHECK_THAT(installation.error_output(), ContainsSubstring("was given up already"));

    installation.ssh().start();
    installation.run({"sync", "delta"});
    installation.await_files(1);
    CHECK(installation.products().size() == installation.exported_items().size());
  }
  SECTION("--json") {
    REQUIRE(installation.run({"files", "drop", id, "--json"}) == 0);
    CHECK(json_lines(installation.output()).at(0) == Json{{"dropped", file["id"]}, {"rows", rows}});
  }
  SECTION("a file that does not exist: the list of files is named") {
    CHECK(installation.run({"files", "drop", "99"}) == 1);
    CHECK_THAT(installation.error_output(),
               ContainsSubstring("Site eu has no file 99") && ContainsSubstring("\"product-sync files list\""));
    CHECK(installation.run({"files", "drop", "all"}) == 2);
    CHECK(installation.run({"files", "drop", id, "--site", "mars"}) == 2);
  }
  SECTION("a delivery is under way: nothing is given up, and it says when to try again") {
    const HeldLease other(installation, "delivery.eu");
    CHECK(installation.run({"files", "drop", id}) == 4);
    CHECK_THAT(installation.error_output(),
               ContainsSubstring("A delivery of site eu is under way.") && ContainsSubstring("Try again when it ended."));
    CHECK(files_of(installation).at(0)["state"] == "waiting");
  }
  SECTION("a delivered file cannot be given up: what can be done is named") {
    installation.ssh().start();
    installation.serve();  // delivers what waits
    installation.await_files(1);
    CHECK(installation.run({"files", "drop", id}) == 1);
    CHECK_THAT(installation.error_output(),
               ContainsSubstring("was delivered already") && ContainsSubstring("\"product-sync resend " + id + "\""));
  }
}
