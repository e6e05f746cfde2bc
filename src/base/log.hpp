#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace product_sync {

enum class LogLevel { debug, info, warning, error };
enum class LogFormat { text, json };

/// One named value of a log line.
struct LogField {
  std::string_view name;
  std::string value;
  bool bare = false;  ///< a number or boolean: written without quotes in JSON

  LogField(std::string_view field_name, std::string_view text) : name(field_name), value(text) {}
  LogField(std::string_view field_name, const std::string& text) : name(field_name), value(text) {}
  LogField(std::string_view field_name, const char* text) : name(field_name), value(text) {}
  LogField(std::string_view field_name, bool flag) : name(field_name), value(flag ? "true" : "false"), bare(true) {}
  template <class Number>
    requires std::is_arithmetic_v<Number>
  LogField(std::string_view field_name, Number number) : name(field_name), value(fmt::to_string(number)), bare(true) {}
};

/// Structured log: a line is an event name (`run.finished`), a sentence, and fields. Writes to standard error, one line a
/// call, as text or JSON lines. Thread-safe. Passed by reference to whoever logs; there is no global one.
class Logger {
 public:
  Logger(LogFormat format, LogLevel lowest);
  ~Logger();
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  void debug(std::string_view event, std::string_view message, std::initializer_list<LogField> fields = {});
  void info(std::string_view event, std::string_view message, std::initializer_list<LogField> fields = {});
  void warning(std::string_view event, std::string_view message, std::initializer_list<LogField> fields = {});
  void error(std::string_view event, std::string_view message, std::initializer_list<LogField> fields = {});

 private:
  void write(LogLevel level, std::string_view event, std::string_view message, std::initializer_list<LogField> fields);

  struct Sink;
  std::unique_ptr<Sink> sink_;
  LogFormat format_;
  LogLevel lowest_;
};

}  // namespace product_sync
