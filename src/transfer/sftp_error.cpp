#include "transfer/sftp_error.hpp"

#include <fmt/format.h>
#include <libssh2.h>
#include <libssh2_sftp.h>

#include <array>

namespace product_sync::transfer {
namespace {

struct StatusMeaning {
  unsigned long status;
  const char* code;
  const char* sentence;
  const char* remedy;
  Retry retry;
};

// Version 3 ends at 8; servers of later versions, and some of version 3, send the others.
constexpr std::array<StatusMeaning, 10> kMeanings{{
    {LIBSSH2_FX_NO_SUCH_FILE, "sftp.no_such_file", "there is no such file", "", Retry::never},
    {LIBSSH2_FX_NO_SUCH_PATH, "sftp.no_such_directory", "there is no such directory",
     "Create the directory on the server or correct it in the configuration.", Retry::never},
    {LIBSSH2_FX_PERMISSION_DENIED, "sftp.permission_denied", "the server denies it",
     "Ask the operator of the server for the right to do this in the directory.", Retry::never},
    {LIBSSH2_FX_WRITE_PROTECT, "sftp.permission_denied", "the place is write-protected",
     "Ask the operator of the server for the right to write there.", Retry::never},
    {LIBSSH2_FX_OP_UNSUPPORTED, "sftp.unsupported", "the server cannot do it", "", Retry::never},
    {LIBSSH2_FX_FILE_ALREADY_EXISTS, "transfer.exists", "a file of this name is there", "", Retry::never},
    {LIBSSH2_FX_NO_SPACE_ON_FILESYSTEM, "sftp.disk_full", "the disk of the server is full", "Make room on the server.",
     Retry::later},
    {LIBSSH2_FX_QUOTA_EXCEEDED, "sftp.disk_full", "the quota on the server is used up", "Make room on the server.",
     Retry::later},
    {LIBSSH2_FX_NO_CONNECTION, "sftp.connection_lost", "the server lost its connection", "", Retry::later},
    {LIBSSH2_FX_CONNECTION_LOST, "sftp.connection_lost", "the server lost its connection", "", Retry::later},
}};

constexpr const char* verb(SftpRequest request) {
  switch (request) {
    case SftpRequest::open:
      return "Creating";
    case SftpRequest::write:
      return "Writing";
    case SftpRequest::close:
      return "Completing";
    case SftpRequest::read:
      return "Reading";
    case SftpRequest::rename:
      return "Renaming";
    case SftpRequest::stat:
      return "Asking for the size of";
    case SftpRequest::remove:
      return "Removing";
    case SftpRequest::list:
      return "Listing";
  }
  return "Working on";
}

/// Creating or listing something needs its directory, so this is what is missing.
bool names_directory(SftpRequest request) { return request == SftpRequest::open || request == SftpRequest::list; }

}  // namespace

Error sftp_error(SftpRequest request, unsigned long status, std::string_view subject) {
  if (status == LIBSSH2_FX_NO_SUCH_FILE && names_directory(request)) status = LIBSSH2_FX_NO_SUCH_PATH;
  for (const auto& meaning : kMeanings) {
    if (meaning.status != status) continue;
    return {meaning.code, fmt::format("{} {} failed: {}.", verb(request), subject, meaning.sentence), meaning.remedy,
            meaning.retry, std::nullopt};
  }
  return {"sftp.failed",
          fmt::format("{} {} failed: the server gave no reason (status {}).", verb(request), subject, status),
          "A full disk, a quota or a rule of the server are common reasons; its log may tell.", Retry::later,
          std::nullopt};
}

}  // namespace product_sync::transfer
