// What accept() may answer beside a connection.

#include <dlfcn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "front/front_bench.hpp"

using namespace product_sync;
using Catch::Matchers::EndsWith;
using front::FrontBench;

namespace {

std::atomic<int> fault_of_accept = 0;          // errno; 0: none
std::atomic<int> faults_of_accept = 0;         // how many more
std::atomic<bool> connection_is_lost = false;  // with the fault

}  // namespace

extern "C" int accept4(int listening, sockaddr* address, socklen_t* size, int flags) {
  using Accept = int (*)(int, sockaddr*, socklen_t*, int);
  static const auto real = reinterpret_cast<Accept>(::dlsym(RTLD_NEXT, "accept4"));
  if (fault_of_accept == 0 || faults_of_accept.fetch_sub(1) <= 0) return real(listening, address, size, flags);
  if (connection_is_lost) ::close(real(listening, address, size, flags));
  errno = fault_of_accept;
  return -1;
}

TEST_CASE("whatever accept() answers, the listener goes on to accept") {
  struct Row {
    const char* name;
    int fault;
    bool loses_connection;
  };
  const auto row = GENERATE(Row{"the client was gone", ECONNABORTED, true}, Row{"a signal came", EINTR, false},
                            Row{"the network failed", EPROTO, true}, Row{"a firewall objected", EPERM, true},
                            Row{"the process has no descriptors", EMFILE, false},
                            Row{"the machine has no descriptors", ENFILE, false},
                            Row{"the kernel has no buffers", ENOBUFS, false}, Row{"the kernel has no memory", ENOMEM, false});
  CAPTURE(row.name);
  FrontBench bench;
  connection_is_lost = row.loses_connection;
  faults_of_accept = 5;
  fault_of_accept = row.fault;
  std::vector<std::unique_ptr<RawClient>> knocking;
  for (int left = faults_of_accept; left > 0; left = faults_of_accept) {
    knocking.push_back(std::make_unique<RawClient>(bench.port()));
    while (faults_of_accept >= left) {
      bench.clock.advance(std::chrono::milliseconds{101});  // a pause in accepting ends
      std::this_thread::yield();
    }
  }
  fault_of_accept = 0;
  bench.clock.advance(std::chrono::milliseconds{101});
  RawClient client(bench.port());
  client.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK_THAT(client.receive_response(), EndsWith("/a"));
}
