// SPDX-License-Identifier: GPL-2.0-or-later
#include "images.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

#include "base/file.h"

namespace qubes::mgmt::test {

namespace fs = std::filesystem;

std::string content(const fs::path& file) { return head(file, fs::file_size(file)); }

std::string head(const fs::path& file, std::size_t length) {
  std::string bytes(length, '\0');
  std::ifstream in{file, std::ios::binary};
  if (!in.read(bytes.data(), static_cast<std::streamsize>(length)))
    throw std::runtime_error{"cannot read " + file.string()};
  return bytes;
}

void write_head(const fs::path& file, std::string_view bytes) {
  const Descriptor opened{open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
  write_all(opened.number(), bytes);
  if (fsync(opened.number()) != 0) throw std::runtime_error{"cannot save " + file.string()};
}

std::uint64_t bytes_on_disk(const fs::path& file) {
  struct stat status;
  if (stat(file.c_str(), &status) != 0) throw std::runtime_error{"no " + file.string()};
  return static_cast<std::uint64_t>(status.st_blocks) * 512;
}

void make_image(const fs::path& file, std::uint64_t size,
                const std::map<std::uint64_t, std::string>& pieces) {
  std::ofstream out{file, std::ios::binary};
  for (const auto& [at, bytes] : pieces) {
    out.seekp(static_cast<std::streamoff>(at));
    out << bytes;
  }
  out.close();
  fs::resize_file(file, size);
}

std::map<std::string, std::string> files_below(const fs::path& folder) {
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator{folder}) {
    std::string name = fs::relative(entry.path(), folder);
    if (const auto at = name.find('@'); at != name.npos) name.resize(at);
    found[name] += entry.is_directory() ? "a folder" : content(entry.path());
  }
  return found;
}

}  // namespace qubes::mgmt::test
