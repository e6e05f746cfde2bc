#include "transfer/ftp_listing.hpp"

#include "catch.hpp"
#include "transfer/ftp_dialogue.hpp"

using namespace product_sync;
using namespace product_sync::transfer;

namespace {

std::string in_short(const std::vector<RemoteFile>& files) {
  std::string text;
  for (const auto& file : files) {
    text +=
        file.name + "|" + std::to_string(file.bytes) + "|" + (file.modified ? to_iso8601(*file.modified) : "-") + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("files in the answer to MLSD have names, sizes and times, whatever the order and case of the facts") {
  CHECK(in_short(parse_mlsd("modify=20261124091529;perm=adfrw;size=7;type=file;unique=FE00U; one.txt\r\n"
                            "Type=FILE;Size=5000000;Modify=20261124091529.250; with  spaces ; and = signs\r\n"
                            "type=cdir;modify=20261124091529; .\r\n"
                            "type=dir;size=4096; directory\r\n"
                            "type=OS.unix=slink:/etc/passwd; link\r\n"
                            "size=1;type=file; no-time\n"
                            "size=abc;type=file; bad-size\r\n"
                            "size=1;type=file;modify=20261399999999; bad-time\r\n"
                            "size=1;type=file; ../escape\r\n"
                            "\r\n"
                            "nonsense\r\n")) ==
        "one.txt|7|2026-11-24T09:15:29Z\n"
        "with  spaces ; and = signs|5000000|2026-11-24T09:15:29Z\n"
        "no-time|1|-\n"
        "bad-time|1|-\n");
}

TEST_CASE("files in the answer to LIST are found in the forms of Unix and of IIS") {
  CHECK(in_short(parse_list("total 12\r\n"
                            "drwxr-xr-x    2 0        0            4096 Nov 24 09:16 directory\r\n"
                            "-rw-r--r--    1 0        0         5000000 Nov 24 09:16 three  (x).txt\r\n"
                            "-rw-r--r--    1 owner    group           1 Nov 24  2025  leading.txt\r\n"
                            "lrwxrwxrwx    1 0        0               7 Nov 24 09:16 link -> one.txt\r\n"
                            "11-24-26  09:16AM              5000001 iis file.txt\r\n"
                            "11-24-26  09:16AM       <DIR>          iis directory\r\n"
                            "-rw-r--r-- broken\r\n")) ==
        "three  (x).txt|5000000|-\n"
        " leading.txt|1|-\n"
        "iis file.txt|5000001|-\n");
}

TEST_CASE("a dialogue keeps verbs, codes and the server's words, and neither arguments nor our password") {
  const Secret password("s3cret");
  FtpDialogue dialogue(password);
  dialogue.reply("220 Welcome\r\n");
  dialogue.command("USER abc:me@example.com\r\n");
  dialogue.reply("331 Password required\r\n");
  dialogue.command("PASS s3cret\r\n");
  CHECK_FALSE(dialogue.signed_in());
  dialogue.reply("530 Login with s3cret\x01\xFF refused\r\n");
  CHECK(dialogue.last_words() == "PASS was answered \"530 Login with [redacted]?? refused\"");
  REQUIRE(dialogue.replies().size() == 3);
  CHECK(dialogue.replies()[0].verb.empty());
  CHECK(dialogue.reply_to("USER")->code == 331);
  CHECK(dialogue.reply_to("STOR") == nullptr);

  dialogue.command("FEAT");
  CHECK(dialogue.signed_in());
  for (const auto* line : {"211-Features:", " MLST modify*;size*;", " 123 is no code", "211 End"}) dialogue.reply(line);
  CHECK(dialogue.reply_to("FEAT")->lines == std::vector<std::string>{"MLST modify*;size*;", "123 is no code"});
}

TEST_CASE("a reply belongs to the oldest command without one, and a command may have a preliminary one") {
  const Secret password("s3cret");
  FtpDialogue dialogue(password);
  dialogue.command("STOR a.txt");
  dialogue.command("PASV");  // libcurl may go on before the answer came
  dialogue.reply("550 a.txt: Operation not permitted");
  CHECK(dialogue.reply_to("STOR")->code == 550);
  CHECK(dialogue.reply_to("PASV") == nullptr);

  dialogue.clear();
  dialogue.command("STOR a.txt");
  dialogue.reply("150 Opening");
  dialogue.reply("226 Done");
  CHECK(dialogue.reply_to("STOR")->code == 226);
  dialogue.command("NOOP");
  dialogue.reply("200 OK");
  CHECK(dialogue.last_words() == "NOOP was answered \"200 OK\"");
}
