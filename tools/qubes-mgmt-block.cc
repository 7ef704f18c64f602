// SPDX-License-Identifier: GPL-2.0-or-later

// The block hotplug "script": libxl runs it as `qubes-mgmt-block add` (and `remove`) with the
// back end's path in XENBUS_PATH. It tells the back end which device a disk is, and refuses
// what would let two write to one device. Started once for each disk of each guest, so it is
// small, links nothing but libxenstore, and throws nothing.

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

extern "C" {
#include <xenstore.h>
}

namespace {

// Less than the 40 s after which libxl kills a script; xenstored is stopped by then.
constexpr unsigned kLongestRun = 30;
constexpr int kAttempts = 50;
constexpr const char* kBackends = "backend/vbd";

// What libxenstore gives away is freed by free().
using Value = std::unique_ptr<char, decltype(&std::free)>;
using Names = std::unique_ptr<char*, decltype(&std::free)>;

/// The keys of back ends, read and written within one transaction.
struct Keys {
  xs_handle* store;
  xs_transaction_t transaction;

  Value read(const std::string& folder, const char* key) const {
    unsigned length = 0;
    void* const value = xs_read(store, transaction, (folder + "/" + key).c_str(), &length);
    return {static_cast<char*>(value), std::free};
  }

  bool write(const std::string& folder, const char* key, const std::string& value) const {
    return xs_write(store, transaction, (folder + "/" + key).c_str(), value.data(),
                    static_cast<unsigned>(value.size()));
  }

  /// Whether `matches(name)` is true for any name in the folder; also where the names cannot
  /// be read, as the answer is needed to refuse.
  template <class Matches>
  bool any(const std::string& folder, Matches matches) const {
    unsigned count = 0;
    const Names names{xs_directory(store, transaction, folder.c_str(), &count), std::free};
    if (!names) return errno != ENOENT;
    for (unsigned i = 0; i < count; ++i)
      if (matches(names.get()[i])) return true;
    return false;
  }
};

struct Disk {
  Value device;
  bool writable;
  char number[32];  // major:minor, as the back end wants it
};

bool is_writable(const Keys& keys, const std::string& backend) {
  const Value mode = keys.read(backend, "mode");
  return !mode || std::strchr(mode.get(), 'w') != nullptr;
}

/// Whether this other back end serves the same device and either of the two writes to it.
bool clashes(const Keys& keys, const std::string& backend, const Disk& disk) {
  const Value number = keys.read(backend, "physical-device");
  return number && std::strcmp(number.get(), disk.number) == 0 &&
         (disk.writable || is_writable(keys, backend));
}

bool is_served(const Keys& keys, const std::string& own, const Disk& disk) {
  return keys.any(kBackends, [&](const char* domain) {
    const std::string folder = kBackends + std::string{"/"} + domain;
    return keys.any(folder, [&](const char* device) {
      const std::string backend = folder + "/" + device;
      return backend != own && clashes(keys, backend, disk);
    });
  });
}

/// Whether dom0 itself has the device mounted, or another device of its own made upon it.
bool is_held(const char* device) {
  const int file = ::open(device, O_RDONLY | O_EXCL | O_CLOEXEC);
  if (file >= 0) ::close(file);
  return file < 0 && errno == EBUSY;
}

/// Finds the device; returns why it cannot be given, or nullptr.
const char* look_at(Disk& disk) {
  struct stat status {};
  if (!disk.device) return "has no path";
  if (::stat(disk.device.get(), &status) != 0) return std::strerror(errno);
  if (!S_ISBLK(status.st_mode)) return "is no block device";
  if (disk.writable && is_held(disk.device.get())) return "is in use in dom0";
  std::snprintf(disk.number, sizeof disk.number, "%x:%x", major(status.st_rdev),
                minor(status.st_rdev));
  return nullptr;
}

const char* connect(const Keys& keys, const std::string& own, const Disk& disk) {
  if (is_served(keys, own, disk))
    return "is given to a guest already, and one of the two may write to it";
  const bool written = keys.write(own, "physical-device", disk.number) &&
                       keys.write(own, "physical-device-path", disk.device.get()) &&
                       keys.write(own, "hotplug-status", "connected");
  return written ? nullptr : "cannot be told to the back end";
}

/// Looks and connects in one transaction: of two that want one device at the same moment, one
/// has to look again, and finds the other.
const char* connect_alone(xs_handle* store, const std::string& own, const Disk& disk) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const xs_transaction_t transaction = xs_transaction_start(store);
    if (transaction == XBT_NULL) return std::strerror(errno);
    const char* const refusal = connect({store, transaction}, own, disk);
    if (xs_transaction_end(store, transaction, refusal != nullptr)) return refusal;
    if (errno != EAGAIN) return std::strerror(errno);
  }
  return "cannot be told to the back end, whose keys change too fast";
}

int add(xs_handle* store, const std::string& own) {
  const Keys keys{store, XBT_NULL};
  Disk disk{keys.read(own, "params"), is_writable(keys, own), ""};
  const char* refusal = look_at(disk);
  if (refusal == nullptr) refusal = connect_alone(store, own, disk);
  if (refusal == nullptr) return 0;
  const std::string what = disk.device ? disk.device.get() : "a disk";
  keys.write(own, "hotplug-error", what + " " + refusal);
  keys.write(own, "hotplug-status", "error");
  return 1;
}

}  // namespace

int main(int count, char** words) {
  const char* const path = std::getenv("XENBUS_PATH");
  if (count != 2 || path == nullptr || std::strncmp(path, kBackends, std::strlen(kBackends)) != 0)
    return 2;
  // There is nothing to undo: the keys go with the back end.
  if (std::strcmp(words[1], "add") != 0) return 0;
  ::alarm(kLongestRun);
  xs_handle* const store = xs_open(0);
  return store == nullptr ? 1 : add(store, path);
}
