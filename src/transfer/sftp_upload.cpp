#include "transfer/sftp_upload.hpp"

namespace product_sync::transfer {
namespace {

constexpr unsigned long kOpenFlags = LIBSSH2_FXF_WRITE | LIBSSH2_FXF_CREAT | LIBSSH2_FXF_TRUNC;
constexpr long kMode = 0644;

Result<LIBSSH2_SFTP_HANDLE*> create(SftpConnection& connection, const SftpUpload& what, const Limit& limit) {
  const auto handle = connection.session().finish_pointer(
      [&] {
        return libssh2_sftp_open_ex(connection.get(), what.path.c_str(), static_cast<unsigned>(what.path.size()),
                                    kOpenFlags, kMode, LIBSSH2_SFTP_OPENFILE);
      },
      limit);
  if (handle && *handle == nullptr) {
    return tl::unexpected(connection.failure(SftpRequest::open, what.subject, limit));
  }
  return handle;
}

Result<void> write_all(SftpConnection& connection, LIBSSH2_SFTP_HANDLE* handle, const SftpUpload& what,
                       const ReadSome& source, const Progress& progress, const Limit& limit) {
  SlidingBuffer buffer(what.window_bytes);
  Limit step = limit.within(what.longest_stall);
  std::uint64_t sent = 0;
  for (;;) {
    if (auto filled = buffer.fill(source); !filled) return filled;
    if (buffer.done()) return {};
    const auto content = buffer.content();
    // Not a function that is simply called again on EAGAIN only: 0 and short counts are normal, too, and each call
    // presents the unacknowledged bytes once more with new ones behind them.
    const auto acknowledged = connection.run(SftpRequest::write, what.subject, step, [&] {
      return libssh2_sftp_write(handle, content.data(), content.size());
    });
    if (!acknowledged) return tl::unexpected(acknowledged.error());
    if (*acknowledged > 0) {
      buffer.acknowledge(static_cast<std::size_t>(*acknowledged));
      sent += static_cast<std::uint64_t>(*acknowledged);
      step.deadline = limit.within(what.longest_stall).deadline;
      if (progress) progress(sent, what.bytes);
    }
    if (auto within = step.check(); !within) return within;
  }
}

}  // namespace

Result<void> upload(SftpConnection& connection, const SftpUpload& what, const ReadSome& source,
                    const Progress& progress, const Limit& limit) {
  const auto created = create(connection, what, limit.within(what.longest_stall));
  if (!created) return tl::unexpected(created.error());
  SftpHandle handle(connection, *created);
  if (auto written = write_all(connection, handle.get(), what, source, progress, limit); !written) return written;
  return handle.close(SftpRequest::close, what.subject, limit.within(what.longest_stall));
}

}  // namespace product_sync::transfer
