#include "transfer/sftp_download.hpp"

#include <vector>

namespace product_sync::transfer {
namespace {

/// libssh2 asks for as much at once as it is given space for.
constexpr std::size_t kPiece = 256 * 1024;

}  // namespace

Result<void> download(SftpConnection& connection, const SftpDownload& what, const TakeSome& sink, const Limit& limit) {
  const auto opened = connection.session().finish_pointer(
      [&] {
        return libssh2_sftp_open_ex(connection.get(), what.path.c_str(), static_cast<unsigned>(what.path.size()),
                                    LIBSSH2_FXF_READ, 0, LIBSSH2_SFTP_OPENFILE);
      },
      limit.within(what.longest_stall));
  if (!opened) return tl::unexpected(opened.error());
  if (*opened == nullptr) return tl::unexpected(connection.failure(SftpRequest::read, what.subject, limit));
  SftpHandle handle(connection, *opened);
  std::vector<char> piece(kPiece);
  while (true) {
    const auto count =
        connection.run(SftpRequest::read, what.subject, limit.within(what.longest_stall),
                       [&] { return libssh2_sftp_read(handle.get(), piece.data(), piece.size()); });
    if (!count) return tl::unexpected(count.error());
    if (*count == 0) return handle.close(SftpRequest::read, what.subject, limit.within(what.longest_stall));
    if (auto taken = sink({piece.data(), static_cast<std::size_t>(*count)}); !taken) return taken;
    if (auto within = limit.check(); !within) return within;
  }
}

}  // namespace product_sync::transfer
