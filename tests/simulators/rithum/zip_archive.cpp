#include "zip_archive.hpp"

#include <zip.h>

#include <memory>
#include <stdexcept>

namespace rithum_simulator {
namespace {

constexpr zip_uint64_t kMaxContent = 512U << 20U;

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct Free {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
struct Close {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

std::string read_source(zip_source_t* source) {
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_source_stat(source, &stat) != 0 || zip_source_open(source) != 0) throw std::runtime_error("zip: no result");
  std::string bytes(stat.size, '\0');
  const zip_int64_t read = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  if (read != static_cast<zip_int64_t>(bytes.size())) throw std::runtime_error("zip: result cut");
  return bytes;
}

}  // namespace

std::string zip_of(const std::string& name, std::string_view content) {
  const std::unique_ptr<zip_source_t, Free> target(zip_source_buffer_create(nullptr, 0, 0, nullptr));
  if (!target) throw std::runtime_error("zip: no memory");
  zip_source_keep(target.get());  // the archive takes one reference, `target` keeps the other
  std::unique_ptr<zip_t, Discard> archive(zip_open_from_source(target.get(), ZIP_TRUNCATE, nullptr));
  if (!archive) throw std::runtime_error("zip: cannot open");
  zip_source_t* source = zip_source_buffer(archive.get(), content.data(), content.size(), 0);
  if (zip_file_add(archive.get(), name.c_str(), source, ZIP_FL_ENC_UTF_8) < 0) {
    zip_source_free(source);
    throw std::runtime_error("zip: cannot add");
  }
  if (zip_close(archive.get()) != 0) throw std::runtime_error("zip: cannot write");
  (void)archive.release();  // closed
  return read_source(target.get());
}

std::optional<std::string> unzip(std::string_view archive_bytes) {
  zip_source_t* source = zip_source_buffer_create(archive_bytes.data(), archive_bytes.size(), 0, nullptr);
  const std::unique_ptr<zip_t, Discard> archive(zip_open_from_source(source, ZIP_RDONLY, nullptr));
  if (!archive) {
    zip_source_free(source);
    return std::nullopt;
  }
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_get_num_entries(archive.get(), 0) != 1 || zip_stat_index(archive.get(), 0, 0, &stat) != 0 ||
      stat.size > kMaxContent) {
    return std::nullopt;
  }
  const std::unique_ptr<zip_file_t, Close> file(zip_fopen_index(archive.get(), 0, 0));
  if (!file) return std::nullopt;
  std::string content(stat.size, '\0');
  const zip_int64_t read = zip_fread(file.get(), content.data(), content.size());
  if (read != static_cast<zip_int64_t>(content.size())) return std::nullopt;
  return content;
}

}  // namespace rithum_simulator
