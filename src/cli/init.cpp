#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>

#include "base/bytes.hpp"
#include "cli/commands.hpp"

namespace product_sync::cli {
namespace {

/// One answer: the option that gives it, and how a person is asked.
struct Question {
  const char* option;
  const char* text;
  std::string& answer;
  const char* otherwise = "";  ///< taken for an empty answer; empty: there must be one
};

bool answer_all(std::initializer_list<Question> questions) {
  const bool terminal = ::isatty(STDIN_FILENO) == 1;
  for (const auto& question : questions) {
    while (question.answer.empty()) {
      if (!terminal) {
        question.answer = question.otherwise;
        if (!question.answer.empty()) break;
        fmt::print(stderr, "product-sync: init needs {}: {}.\n", question.option, question.text);
        return false;
      }
      fmt::print(stderr, "{}{}: ", question.text, *question.otherwise == '\0' ? "" : fmt::format(" [{}]", question.otherwise));
      std::string line;
      if (!std::getline(std::cin, line)) return false;
      question.answer = trim(line).empty() ? question.otherwise : std::string(trim(line));
    }
  }
  return true;
}

/// Writes a file that is not there yet.
Result<void> write_new(const std::string& file, const std::string& text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
  if (descriptor < 0 && errno == EEXIST) {
    return fail("init.exists", fmt::format("{} is there already.", file),
                "Move it away, or name another file with --config.");
  }
  const auto count = descriptor < 0 ? -1 : ::write(descriptor, text.data(), text.size());
  const int fault = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (count == static_cast<ssize_t>(text.size())) return {};
  return fail("init.unwritable", fmt::format("{} cannot be written: {}.", file, std::strerror(fault)));
}

}  // namespace

ExitCode init(const std::string& file, InitOptions options) {
  auto& answers = options.answers;
  if (::access(file.c_str(), F_OK) == 0) {
    fmt::print(stderr, "product-sync: {} is there already. Move it away, or name another file with --config.\n", file);
    return ExitCode::configuration;
  }
  if (!answer_all({{"--site", "id of the site, a-z, 0-9 and -", answers.site, "main"},
                   {"--acumatica-url", "address of Acumatica, such as https://erp.example.com/AcumaticaERP", answers.acumatica_url},
                   {"--tenant", "tenant, as its sign-in page shows it", answers.tenant},
                   {"--destination", "where files go: sftp://user@host/directory, ftps://…, or the path of a directory",
                    answers.destination},
                   {"--time-zone", "time zone of the schedules", answers.time_zone, "UTC"},
                   {"--schedules", "switch the nightly sync, an hourly delta and the cleaning on: on or off",
                    options.schedules, "off"}})) {
    return ExitCode::configuration;
  }
  answers.schedules = options.schedules == "on" || options.schedules == "yes" || options.schedules == "y";
  const auto text = starter_config(answers);
  const auto done = text ? write_new(file, *text) : Result<void>(tl::unexpected(text.error()));
  if (!done) {
    fmt::print(stderr, "product-sync: {}\n", done.error().text());
    return done.error().code == "init.unwritable" ? ExitCode::failed : ExitCode::configuration;
  }
  fmt::print("{} is written. Fill in what it marks \"yours\", set its environment variables, then: product-sync check\n", file);
  return ExitCode::ok;
}

}  // namespace product_sync::cli
