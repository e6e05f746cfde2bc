#include "sync/row_spool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace product_sync::sync {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{256} << 10U;

auto fault(std::string_view code, std::string_view what, int error) {
  return fail(std::string(code),
              fmt::format("The rows of a run cannot be {}: {}.", what, std::generic_category().message(error)),
              "Check the space, the permissions and the health of the disk.", Retry::later);
}

}  // namespace

RowSpool::RowSpool(RowSpool&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      pending_(std::move(other.pending_)),
      written_(other.written_),
      window_(std::move(other.window_)),
      window_at_(other.window_at_) {}

RowSpool::~RowSpool() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<RowSpool> RowSpool::create(const std::filesystem::path& directory) {
  std::string path = (directory / ".rows-XXXXXX").string();
  const int descriptor = ::mkostemp(path.data(), O_CLOEXEC);
  if (descriptor < 0) return fault("spool.unwritable", "kept in " + directory.string(), errno);
  ::unlink(path.c_str());  // nobody finds it, and a crash leaves nothing behind
  return RowSpool(descriptor);
}

Result<std::uint64_t> RowSpool::append(std::string_view line) {
  const auto at = bytes();
  pending_ += line;
  if (pending_.size() >= kBufferBytes) {
    if (auto written = write_out(); !written) return tl::unexpected(written.error());
  }
  return at;
}

Result<void> RowSpool::write_out() {
  std::string_view left = pending_;
  while (!left.empty()) {
    const ssize_t count = ::pwrite(descriptor_, left.data(), left.size(), static_cast<off_t>(written_));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fault("spool.unwritable", "written", errno);
    left.remove_prefix(static_cast<std::size_t>(count));
    written_ += static_cast<std::uint64_t>(count);
  }
  pending_.clear();
  return {};
}

Result<std::string> RowSpool::read(std::uint64_t at, std::uint64_t bytes) {
  if (auto written = write_out(); !written) return tl::unexpected(written.error());
  const bool inside = at >= window_at_ && at + bytes <= window_at_ + window_.size();
  if (!inside) {
    window_.resize(std::max<std::size_t>(bytes, kBufferBytes));
    window_at_ = at;
    std::size_t filled = 0;
    while (filled < window_.size()) {
      const ssize_t count = ::pread(descriptor_, window_.data() + filled, window_.size() - filled,
                                    static_cast<off_t>(at + filled));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return fault("spool.unreadable", "read back", errno);
      if (count == 0) break;
      filled += static_cast<std::size_t>(count);
    }
    window_.resize(filled);
  }
  if (at - window_at_ + bytes > window_.size()) return fault("spool.unreadable", "read back", EIO);
  return window_.substr(at - window_at_, bytes);
}

}  // namespace product_sync::sync
