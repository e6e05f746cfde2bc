#include "support/ssh_server.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/digest.hpp"
#include "support/child_process.hpp"

namespace product_sync {
namespace {

constexpr const char* kServer = "/usr/sbin/sshd";

void make_key(const std::filesystem::path& file, const std::string& type, const std::string& passphrase,
              const std::string& format) {
  std::filesystem::remove(file);
  std::vector<std::string> command{"ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", "test", "-f", file.string()};
  if (type == "rsa") command.insert(command.end(), {"-b", "2048"});  // larger ones take long to find
  if (!format.empty()) command.insert(command.end(), {"-m", format});
  if (run_program(command) != 0) throw std::runtime_error("ssh-keygen made no key " + file.string());
}

/// Blocks until `condition` holds; whether it did within ten seconds.
template <class Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace

SshServer::SshServer(SshServerOptions options) : options_(std::move(options)), home_("sshd"), user_(current_user()) {
  std::filesystem::create_directories(files());
  std::filesystem::permissions(files(), std::filesystem::perms{0777});
  write_file(home_ / "authorized_keys", "");
  for (const auto& type : options_.host_keys) make_host_key(type);
  if (::geteuid() == 0)
    std::filesystem::create_directories("/run/sshd");  // where sshd as root puts its unprivileged half
  start();
}

SshServer::~SshServer() { kill(); }

void SshServer::make_host_key(const std::string& type) const { make_key(home_ / ("host_" + type), type, "", ""); }

void SshServer::replace_host_key(const std::string& type) { make_host_key(type); }

std::filesystem::path SshServer::accepted_key(const std::string& type, const std::string& passphrase,
                                              const std::string& format) {
  const auto file = home_ / ("key_" + type + "_" + random_hex(4));
  make_key(file, type, passphrase, format);
  std::ofstream(home_ / "authorized_keys", std::ios::app) << read_file(file.string() + ".pub");
  return file;
}

std::string SshServer::public_key(const std::string& type) const {
  std::istringstream words(read_file(home_ / ("host_" + type + ".pub")));
  std::string name;
  std::string key;
  words >> name >> key;
  return name + " " + key;
}

std::string SshServer::fingerprint(const std::string& type) const {
  // From ssh-keygen and not from our own code, which is under test.
  const auto command = fmt::format("ssh-keygen -lf '{}'", (home_ / ("host_" + type + ".pub")).string());
  std::FILE* pipe = ::popen(command.c_str(), "r");
  char bits[16] = "";
  char text[128] = "";
  const int fields = std::fscanf(pipe, "%15s %127s", bits, text);
  ::pclose(pipe);
  if (fields != 2) throw std::runtime_error("ssh-keygen told no fingerprint");
  return text;
}

void SshServer::write_configuration() const {
  std::string text;
  for (const auto& line : options_.settings) text += line + "\n";
  for (const auto& type : options_.host_keys) text += fmt::format("HostKey {}\n", (home_ / ("host_" + type)).string());
  text += fmt::format(
      "ListenAddress 127.0.0.1:{}\n"
      "PidFile none\n"
      "AuthorizedKeysFile {}\n"
      "PermitRootLogin yes\n"
      "StrictModes no\n"
      "UsePAM no\n"
      "PasswordAuthentication no\n"
      "KbdInteractiveAuthentication no\n"
      "MaxStartups 100\n"
      "PrintMotd no\n"
      "Subsystem sftp internal-sftp\n"
      "ForceCommand internal-sftp {}\n",
      port_, (home_ / "authorized_keys").string(), options_.sftp_arguments);
  write_file(home_ / "sshd_config", text);
}

bool SshServer::try_start() {
  write_configuration();
  process_ = start_program({kServer, "-D", "-e", "-f", (home_ / "sshd_config").string()}, home_ / "log");
  bool ended = false;
  const bool open = eventually([&] {
    ended = ::waitpid(process_, nullptr, WNOHANG) == process_;
    return ended || port_is_open(port_);
  });
  if (ended) process_ = -1;
  return open && !ended;
}

void SshServer::start() {
  const bool fixed = port_ != 0;
  for (int attempt = 0; attempt < 5; ++attempt) {
    if (!fixed) port_ = free_port();  // somebody may take it before sshd does: then again
    if (try_start()) return;
    kill();
  }
  throw std::runtime_error("sshd does not start: " + log());
}

void SshServer::kill() {
  if (process_ > 0) kill_tree(process_);
  process_ = -1;
}

std::string SshServer::log() const { return read_file(home_ / "log"); }

bool TemporaryUser::possible() { return ::geteuid() == 0 && std::filesystem::exists("/usr/sbin/useradd"); }

TemporaryUser::TemporaryUser()
    : name_("ps-test-" + random_hex(4)), password_(random_hex(12)), removal_("/usr/sbin/userdel " + name_) {
  const auto command = fmt::format("openssl passwd -6 {}", password_);
  std::FILE* pipe = ::popen(command.c_str(), "r");
  char hash[256] = "";
  const int fields = std::fscanf(pipe, "%255s", hash);
  ::pclose(pipe);
  if (fields != 1 || run_program({"/usr/sbin/useradd", "-M", "-d", "/", "-s", "/bin/sh", "-p", hash, name_}) != 0) {
    throw std::runtime_error("cannot make the system user " + name_);
  }
}

}  // namespace product_sync
