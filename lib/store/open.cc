// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/open.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>

#include "base/fault.h"
#include "base/lock.h"
#include "base/text.h"
#include "store/first.h"
#include "store/migrations.h"

namespace qubes::mgmt {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kDeadline{5};
constexpr int kCopiesKept = 3;

fs::path lock_folder(const Root& root) { return root.at("/run/qubes-mgmt/lock"); }

fs::path store_file(const Root& root) { return root.at("/var/lib/qubes-mgmt/store.db"); }

void share_with_group(const fs::path& folder, gid_t group) {
  struct stat found {};
  if (::stat(folder.c_str(), &found) != 0) throw system_fault("look at the folder of the store");
  constexpr mode_t kShared = 02770;
  if (found.st_gid == group && (found.st_mode & 07777U) == kShared) return;
  if (::chown(folder.c_str(), 0, group) != 0 || ::chmod(folder.c_str(), kShared) != 0)
    throw system_fault("share the folder of the store with the group qubes");
}

// A folder that root and the group qubes share, also where whoever made it was killed then. On a
// scratch root it is the caller's alone.
void make_shared_folder(const Root& root, const fs::path& folder) {
  fs::create_directories(folder.parent_path());
  if (::mkdir(folder.c_str(), 0770) != 0 && errno != EEXIST)
    throw system_fault(concat("make the folder '", folder.native(), "'"));
  const ::group* qubes = root.is_scratch() ? nullptr : ::getgrnam("qubes");
  if (qubes != nullptr && ::geteuid() == 0) share_with_group(folder, qubes->gr_gid);
}

// /run is empty after a boot, while the store is not made again.
void make_lock_folder(const Root& root) try {
  make_shared_folder(root, lock_folder(root).parent_path());
  make_shared_folder(root, lock_folder(root));
} catch (const fs::filesystem_error& error) {
  errno = error.code().value();
  throw system_fault("make the folder of the locks");
}

std::int64_t schema_of(const sqlite::Database& store) {
  auto rows = store.query("PRAGMA user_version");
  rows.next();
  return rows.number(0);
}

void run_migrations(const sqlite::Database& store) {
  for (std::int64_t version = schema_of(store); version < newest_schema(); ++version) {
    store.run_script(migrations()[static_cast<std::size_t>(version)]);
    store.run_script(concat("PRAGMA user_version = ", version + 1));
  }
}

// Whatever an earlier maker was killed at.
void remove_unfinished(const fs::path& unfinished) {
  for (const char* suffix : {"", "-journal", "-wal", "-shm"})
    fs::remove(unfinished.string() + suffix);
}

void write_first_store(const fs::path& file, std::string_view pool_driver) {
  const sqlite::Database store{file, sqlite::Database::Mode::create};
  sqlite::Transaction transaction{store};
  run_migrations(store);
  fill_first_store(store, pool_driver);
  transaction.commit();
  // Not before: up to here all is in the one file that is about to be renamed.
  store.run_script("PRAGMA journal_mode = WAL");
}

// The new store becomes visible by its name only when it is whole, so whoever is killed here
// leaves at most a file that the next one removes.
void make_store(const Root& root, const fs::path& file, FirstPool first_pool) {
  const fs::path unfinished = file.parent_path() / "store.db.new";
  remove_unfinished(unfinished);
  write_first_store(unfinished, first_pool(root));
  if (::chmod(unfinished.c_str(), 0660) != 0) throw system_fault("let the group use the store");
  const Folder folder{file.parent_path()};
  folder.rename(unfinished.filename(), file.filename());
  folder.sync_parent_of(file.filename());
  remove_unfinished(unfinished);
}

FileLock lock_making(const Root& root) {
  return FileLock::wait(lock_file(root, "store"), kDeadline,
                        "another call that makes the store, or brings it up to date");
}

void make_store_unless_made(const Root& root, const fs::path& file, FirstPool first_pool) {
  try {
    make_shared_folder(root, file.parent_path());
    const FileLock lock = lock_making(root);
    if (!fs::exists(file)) make_store(root, file, first_pool);
  } catch (const fs::filesystem_error& error) {
    errno = error.code().value();
    throw system_fault("make the store");
  }
}

// Before a migration, the store as it was is kept beside it. Only a whole copy gets the name of
// one, and pushes an older one out.
void keep_copy(const sqlite::Database& store, const fs::path& file) {
  const Folder folder{file.parent_path()};
  const std::string name = file.filename();
  const std::string unfinished = name + ".before.new";
  folder.remove(unfinished);
  store.execute("VACUUM INTO ?", (file.parent_path() / unfinished).native());
  const auto copy = folder.open(unfinished, O_RDONLY);
  if (!copy || ::fsync(copy->number()) != 0) throw system_fault("keep a copy of the store");
  for (int age = kCopiesKept - 1; age >= 1; --age)
    if (const auto older = concat(name, ".before-", age); folder.exists(older))
      folder.rename(older, concat(name, ".before-", age + 1));
  folder.rename(unfinished, concat(name, ".before-1"));
  folder.sync_parent_of(name);
}

void migrate(const Root& root, const sqlite::Database& store, const fs::path& file) {
  const FileLock lock = lock_making(root);
  if (schema_of(store) == newest_schema()) return;
  keep_copy(store, file);
  sqlite::Transaction transaction{store};
  run_migrations(store);
  transaction.commit();
}

}  // namespace

std::int64_t newest_schema() { return static_cast<std::int64_t>(migrations().size()); }

fs::path lock_file(const Root& root, std::string_view name) {
  if (::access(lock_folder(root).c_str(), F_OK) != 0) make_lock_folder(root);
  return lock_folder(root) / name;
}

sqlite::Database open_store(const Root& root, StoreAccess access, FirstPool first_pool) {
  const fs::path file = store_file(root);
  if (::access(file.c_str(), F_OK) != 0 && errno == ENOENT)
    make_store_unless_made(root, file, first_pool);
  sqlite::Database store{file, sqlite::Database::Mode::read_write};
  const std::int64_t version = schema_of(store);
  if (version > newest_schema())
    throw Fault{FaultKind::store_failed,
                concat("the store has schema ", version, ", this program knows up to ",
                       newest_schema(), ": use the newer qubes-mgmt")};
  // Only a whole store ever gets its name, and that has a schema.
  if (version < 1) throw sqlite::damaged_store();
  if (version == newest_schema()) return store;
  if (access == StoreAccess::read)
    throw Fault{FaultKind::busy,
                concat("the store still has schema ", version,
                       "; the next call that changes something brings it up to date")};
  migrate(root, store, file);
  return store;
}

}  // namespace qubes::mgmt
