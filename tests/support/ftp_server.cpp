#include "support/ftp_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <thread>

#include "support/child_process.hpp"

namespace product_sync {
namespace {

namespace fs = std::filesystem;
using Program = FtpServerOptions::Program;
using Protocol = FtpServerOptions::Protocol;

/// Where scripts/setup unpacks the servers.
const fs::path kRoot = "/opt/product-sync-test-servers";

std::string current_group() { return ::getgrgid(::getegid())->gr_name; }

/// The libraries that came with the servers.
fs::path library_directory() {
  for (const auto& entry : fs::directory_iterator(kRoot / "usr/lib")) {
    if (entry.path().filename().string().ends_with("-linux-gnu")) return entry.path();
  }
  return kRoot / "usr/lib";
}

std::string first_word_of(const std::string& command, int fields_before = 0) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  char word[256] = "";
  int found = 0;
  for (int i = 0; i <= fields_before; ++i) found = std::fscanf(pipe, "%255s", word);
  ::pclose(pipe);
  if (found != 1) throw std::runtime_error("no answer from: " + command);
  return word;
}

bool can_listen(const char* host, std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  ::inet_pton(AF_INET, host, &address.sin_addr);
  const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return bound;
}

}  // namespace

FtpServer::FtpServer(FtpServerOptions options) : options_(std::move(options)), home_("ftp") {
  if (!fs::exists(kRoot / "complete")) throw std::runtime_error("no FTP servers to test with; run scripts/setup");
  fs::create_directories(files());
  fs::permissions(files(), fs::perms{0777});
  make_certificate(certificate(), home_ / "key.pem", options_.certificate);
  if (options_.program == Program::vsftpd) {
    fs::create_directory(home_ / "empty");
    write_file(home_ / "passwords", password() + "\n");
  } else {
    write_file(home_ / "password", password() + "\n");
    const auto hash = first_word_of(fmt::format("openssl passwd -6 -in '{}'", (home_ / "password").string()));
    write_file(home_ / "passwd",
               fmt::format("tester:{}:{}:{}::{}:/bin/false\n", hash, ::geteuid(), ::getegid(), files().string()));
    write_file(home_ / "group", fmt::format("{}:x:{}:\n", current_group(), ::getegid()));
    for (const auto* file : {"passwd", "group"}) fs::permissions(home_ / file, fs::perms{0600});
  }
  if (options_.protocol == Protocol::sftp) {
    const std::vector<std::string> command{"ssh-keygen", "-q", "-t", "ecdsa", "-m",
                                           "PEM",        "-N", "",   "-f",    (home_ / "host_key").string()};
    if (run_program(command) != 0) throw std::runtime_error("ssh-keygen made no key");
  }
  start();
}

FtpServer::~FtpServer() { kill(); }

std::string FtpServer::user() const {
  if (options_.program == Program::vsftpd) return "anonymous";  // others would need to be users of the machine
  return options_.protocol == Protocol::sftp ? "tester" : "abc:user@company.com";
}

std::string FtpServer::fingerprint() const {
  return first_word_of(fmt::format("ssh-keygen -lf '{}'", (home_ / "host_key.pub").string()), 1);
}

std::string FtpServer::proftpd_configuration() const {
  const auto modules = kRoot / "usr/lib/proftpd";
  auto text = fmt::format("ModulePath {}\n", modules.string());
  for (const std::string name : {"mod_ls", "mod_xfer", "mod_tls", "mod_sftp"}) {  // Debian 12 has the first two built in
    if (std::filesystem::exists(modules / (name + ".so"))) text += fmt::format("LoadModule {}.c\n", name);
  }
  text += fmt::format(
      "ServerType standalone\n"
      "DefaultAddress 127.0.0.1\n"
      "Port {}\n"
      "User {}\n"
      "Group {}\n"
      "PidFile {}\n"
      "ScoreboardFile {}\n"
      "SystemLog {}\n"
      "TransferLog none\n"
      "WtmpLog off\n"
      "<IfModule mod_delay.c>\nDelayEngine off\n</IfModule>\n"  // Debian 13 has it as a module that is not loaded
      "UseReverseDNS off\n"
      "AuthOrder mod_auth_file.c\n"
      "AuthUserFile {}\n"
      "AuthGroupFile {}\n"
      "RequireValidShell off\n"
      "RootLogin on\n"
      "AllowOverwrite on\n"
      "UserAlias \"abc:user@company.com\" tester\n",
      port_, current_user(), current_group(), (home_ / "pid").string(),
      (home_ / "scoreboard").string(), (home_ / "log").string(), (home_ / "passwd").string(),
      (home_ / "group").string());
  if (options_.first_data_port != 0) {
    text += fmt::format("PassivePorts {} {}\n", options_.first_data_port, options_.first_data_port + 1);
  }
  for (const auto& line : options_.settings) text += line + "\n";  // of two settings the first counts
  if (options_.protocol == Protocol::sftp) {
    text += fmt::format("SFTPEngine on\nSFTPHostKey {}\nSFTPAuthMethods password\nSFTPLog {}\n",
                        (home_ / "host_key").string(), (home_ / "log").string());
  } else if (options_.protocol != Protocol::ftp) {
    text += fmt::format(
        "TLSEngine on\nTLSRequired on\nTLSProtocol TLSv1.2 TLSv1.3\nTLSECCertificateFile {}\n"
        "TLSECCertificateKeyFile {}\nTLSLog {}\n",
        certificate().string(), (home_ / "key.pem").string(), (home_ / "log").string());
    if (options_.protocol == Protocol::ftps) text += "TLSOptions UseImplicitSSL\n";
  }
  return text;
}

std::string FtpServer::vsftpd_configuration() const {
  // Signs in whoever knows the password as "anonymous", and runs as the user who runs the test.
  auto text = fmt::format(
      "listen=YES\n"
      "listen_address=127.0.0.1\n"
      "listen_port={}\n"
      "background=NO\n"
      "run_as_launching_user=YES\n"
      "ftp_username={}\n"
      "local_enable=NO\n"
      "anonymous_enable=YES\n"
      "anon_root={}\n"
      "secure_email_list_enable=YES\n"
      "email_password_file={}\n"
      "write_enable=YES\n"
      "anon_upload_enable=YES\n"
      "anon_other_write_enable=YES\n"
      "anon_world_readable_only=NO\n"
      "anon_umask=022\n"
      "allow_writeable_chroot=YES\n"
      "secure_chroot_dir={}\n"
      "seccomp_sandbox=NO\n"
      "delay_failed_login=0\n"
      "delay_successful_login=0\n"
      "vsftpd_log_file={}\n"
      "xferlog_enable=YES\n"
      "log_ftp_protocol=YES\n",
      port_, current_user(), files().string(), (home_ / "passwords").string(), (home_ / "empty").string(),
      (home_ / "log").string());
  if (options_.first_data_port != 0) {
    text += fmt::format("pasv_min_port={}\npasv_max_port={}\n", options_.first_data_port, options_.first_data_port + 1);
  }
  if (options_.protocol != Protocol::ftp) {
    text += fmt::format(
        "ssl_enable=YES\nssl_ciphers=HIGH\nallow_anon_ssl=YES\nforce_anon_data_ssl=YES\nforce_anon_logins_ssl=YES\n"
        "rsa_cert_file={}\nrsa_private_key_file={}\n",
        certificate().string(), (home_ / "key.pem").string());
    if (options_.protocol == Protocol::ftps) text += "implicit_ssl=YES\n";
  }
  for (const auto& line : options_.settings) text += line + "\n";  // the last counts
  return text;
}

bool FtpServer::try_start() {
  const bool vsftpd = options_.program == Program::vsftpd;
  const auto configuration = home_ / "configuration";
  write_file(configuration, vsftpd ? vsftpd_configuration() : proftpd_configuration());
  std::vector<std::string> command{"env", "LD_LIBRARY_PATH=" + library_directory().string(),
                                   (kRoot / "usr/sbin" / (vsftpd ? "vsftpd" : "proftpd")).string()};
  if (!vsftpd) command.insert(command.end(), {"-n", "-q", "-c"});
  command.push_back(configuration.string());
  process_ = start_program(command, home_ / "output");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < deadline) {
    if (::waitpid(process_, nullptr, WNOHANG) == process_) {
      process_ = -1;
      return false;
    }
    if (port_is_open(port_)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

void FtpServer::start() {
  const bool fixed = port_ != 0;
  for (int attempt = 0; attempt < 5; ++attempt) {
    if (!fixed) port_ = free_port();  // somebody may take it before the server does: then again
    if (try_start()) return;
    kill();
  }
  throw std::runtime_error("the FTP server does not start: " + log());
}

void FtpServer::kill() {
  if (process_ > 0) kill_tree(process_);
  process_ = -1;
}

std::string FtpServer::log() const {
  std::string text;
  for (const auto* name : {"output", "log"}) {
    if (fs::exists(home_ / name)) text += read_file(home_ / name);
  }
  return text;
}

std::uint16_t free_port_pair() {
  std::random_device random;
  for (int attempt = 0; attempt < 100; ++attempt) {
    const auto port = static_cast<std::uint16_t>(20'000 + random() % 12'000);  // the kernel picks from 32768 on
    if (can_listen("127.0.0.1", port) && can_listen("127.0.0.1", static_cast<std::uint16_t>(port + 1))) return port;
  }
  throw std::runtime_error("no two free ports");
}

}  // namespace product_sync
