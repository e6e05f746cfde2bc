#include "support/child_process.hpp"

#include <csignal>

#include "catch.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;
using namespace std::chrono_literals;

TEST_CASE("a child's lines are seen, its outputs are kept apart in files, its exit code is known") {
  const TemporaryDirectory directory("child");
  ChildProcess child({"sh", "-c", "echo warning >&2; echo one; echo ready at $WHERE; exit 3"}, directory.path(),
                     {{"WHERE", "port 7"}});
  CHECK(child.wait_for_line("ready") == "ready at port 7");
  CHECK(child.wait() == 3);
  CHECK_FALSE(child.running());
  CHECK(child.output() == "one\nready at port 7\n");
  CHECK(child.error_output() == "warning\n");
}

TEST_CASE("waiting for a line that never comes tells what was printed") {
  const TemporaryDirectory directory("child");
  ChildProcess ended({"sh", "-c", "echo no luck >&2"}, directory.path());
  CHECK_THROWS_WITH(ended.wait_for_line("ready"), ContainsSubstring("no luck"));
  ChildProcess silent({"sleep", "60"}, directory.path());
  CHECK_THROWS_WITH(silent.wait_for_line("ready", 50ms), ContainsSubstring("no line with 'ready'"));
  CHECK_THROWS_WITH(silent.wait(50ms), ContainsSubstring("did not end within 50 ms"));
}

TEST_CASE("a child is ended by its id, gently or not") {
  const TemporaryDirectory directory("child");
  ChildProcess gentle({"sh", "-c", "trap 'exit 5' TERM; echo ready; while :; do sleep 0.01; done"}, directory.path());
  gentle.wait_for_line("ready");
  gentle.terminate();
  CHECK(gentle.wait() == 5);
  ChildProcess killed({"sleep", "60"}, directory.path());
  CHECK(killed.running());
  killed.kill();
  CHECK(killed.wait() == -SIGKILL);
}

TEST_CASE("a child and its own children are gone with the object, even if one of them keeps the output open") {
  const TemporaryDirectory directory("child");
  pid_t grandchild = 0;
  {
    ChildProcess child({"sh", "-c", "sleep 60 & echo child $!; wait"}, directory.path());
    grandchild = std::stoi(child.wait_for_line("child ").substr(6));
    CHECK(::kill(grandchild, 0) == 0);
  }
  const auto deadline = std::chrono::steady_clock::now() + 5s;  // init has to reap it
  while (::kill(grandchild, 0) == 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  CHECK(::kill(grandchild, 0) != 0);
}

TEST_CASE("a program that is not there is an error at once") {
  const TemporaryDirectory directory("child");
  CHECK_THROWS_WITH(ChildProcess({"/nowhere/program"}, directory.path()),
                    ContainsSubstring("cannot run /nowhere/program"));
}
