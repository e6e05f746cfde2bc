#include "base/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/work.hpp"

namespace product_sync {
namespace {

constexpr std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return "debug";
    case LogLevel::info: return "info";
    case LogLevel::warning: return "warning";
    case LogLevel::error: return "error";
  }
  return "error";
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::string json_line(LogLevel level, std::string_view event, std::string_view message,
                      std::initializer_list<LogField> fields) {
  auto line = fmt::format(R"({{"time":"{}","level":"{}","event":{},"message":{})", to_iso8601(SystemClock{}.now()),
                          name_of(level), json_quote(event), json_quote(message));
  for (const auto& field : fields) {
    line += fmt::format(",{}:{}", json_quote(field.name), field.bare ? field.value : json_quote(field.value));
  }
  if (const auto* work = Work::current()) line += fmt::format(R"(,"trace_id":"{}")", work->trace_id());
  return line + "}";
}

std::string text_line(LogLevel level, std::string_view event, std::string_view message,
                      std::initializer_list<LogField> fields) {
  auto line = fmt::format("{} {:<7} {} {}", to_iso8601(SystemClock{}.now()), name_of(level), event, message);
  for (const auto& field : fields) {
    line += fmt::format(" {}={}", field.name, field.bare ? field.value : json_quote(field.value));
  }
  return line;
}

}  // namespace

struct Logger::Sink {
  spdlog::logger logger{"product-sync", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
};

Logger::Logger(LogFormat format, LogLevel lowest)
    : sink_(std::make_unique<Sink>()), format_(format), lowest_(lowest) {
  sink_->logger.set_pattern("%v");
  sink_->logger.set_level(to_spdlog(lowest));
  sink_->logger.flush_on(spdlog::level::debug);
}

Logger::~Logger() = default;

void Logger::write(LogLevel level, std::string_view event, std::string_view message,
                   std::initializer_list<LogField> fields) {
  if (level < lowest_) return;
  const auto line = format_ == LogFormat::json ? json_line(level, event, message, fields)
                                               : text_line(level, event, message, fields);
  sink_->logger.log(to_spdlog(level), "{}", line);
}

void Logger::debug(std::string_view event, std::string_view message, std::initializer_list<LogField> fields) {
  write(LogLevel::debug, event, message, fields);
}
void Logger::info(std::string_view event, std::string_view message, std::initializer_list<LogField> fields) {
  write(LogLevel::info, event, message, fields);
}
void Logger::warning(std::string_view event, std::string_view message, std::initializer_list<LogField> fields) {
  write(LogLevel::warning, event, message, fields);
}
void Logger::error(std::string_view event, std::string_view message, std::initializer_list<LogField> fields) {
  write(LogLevel::error, event, message, fields);
}

}  // namespace product_sync
