#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace product_sync::transfer {

/// What a destination can do, as far as it knows: a server that refuses something is known to refuse it afterwards.
struct Capabilities {
  bool rename = false;
  bool stat = false;
  bool list = false;
  bool resume = false;  ///< continue a broken upload where it ended
};

struct RemoteFile {
  std::string name;
  std::uint64_t bytes = 0;
  std::optional<Instant> modified;
};

/// Called while a file is on its way: bytes that the other side has acknowledged, and the file's size.
using Progress = std::function<void(std::uint64_t sent, std::uint64_t total)>;

/// A place for files: one directory. Names are plain file names. Not thread-safe; connects when first needed, and again
/// after an error. Every call ends within the destination's own time limits or when the stop token asks (error
/// `cancelled`).
class Destination {
 public:
  virtual ~Destination() = default;

  [[nodiscard]] virtual Capabilities capabilities() const = 0;

  /// `sftp://user@host:22/path`, for messages. Never holds a secret.
  [[nodiscard]] virtual std::string describe() const = 0;

  /// Writes the file `local` under `name`, over what was there. After an error a part of it may be left: see deliver().
  [[nodiscard]] virtual Result<void> put(const std::filesystem::path& local, std::string_view name,
                                         const Progress& progress, std::stop_token stop) = 0;

  /// Writes the file `name` to `local`, over what was there; how many bytes. `transfer.too_large` when it is longer than
  /// `longest` bytes, `<kind>.no_such_file`, `transfer.local_unwritable`. After an error a part of it may be left.
  [[nodiscard]] virtual Result<std::uint64_t> get(std::string_view name, const std::filesystem::path& local,
                                                  std::uint64_t longest, std::stop_token stop) = 0;

  /// Never replaces: `transfer.exists` when `to` is there. `transfer.rename_refused` when the place does not allow
  /// renaming.
  [[nodiscard]] virtual Result<void> rename(std::string_view from, std::string_view to, std::stop_token stop) = 0;

  /// The size in bytes; nothing when there is no such file. `transfer.stat_refused` when the place does not say.
  [[nodiscard]] virtual Result<std::optional<std::uint64_t>> size(std::string_view name, std::stop_token stop) = 0;

  /// Succeeds when there is no such file.
  [[nodiscard]] virtual Result<void> remove(std::string_view name, std::stop_token stop) = 0;

  /// The regular files, in no order.
  [[nodiscard]] virtual Result<std::vector<RemoteFile>> list(std::stop_token stop) = 0;

  /// Proves that the place can be reached, signs us in, and takes and gives up a file; learns the capabilities on the
  /// way.
  [[nodiscard]] virtual Result<void> check(std::stop_token stop) = 0;
};

/// Refuses (`transfer.bad_name`) what is not a plain file name: empty, `.`, `..`, with a slash or a control character.
[[nodiscard]] Result<void> check_file_name(std::string_view name);

}  // namespace product_sync::transfer
