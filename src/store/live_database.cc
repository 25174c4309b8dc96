// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/live_database.hh"

#include "base/file.hh"
#include "base/new_file.hh"
#include "base/text.hh"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <thread>

// How a database is read, by what lies beside it (sqlite.org/wal.html and
// sqlite.org/lockingv3.html; tried with Nix's daemon):
//
//   -wal and -shm           a daemon has it open: mode=ro
//   -journal, not empty,
//   and no WAL mode         likewise
//   no -wal, or an empty    nobody has it open, or SQLite refused the above:
//   one, and no -journal    immutable=1; right if nothing changed meanwhile
//   else, or all refused    again for a while, then a private copy
//
// mode=ro is for these cases only: in others root's SQLite would make -wal and
// -shm.

namespace strata {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto patience = 1s;     // for each of the two loops below
constexpr auto pause = 20ms;      // between two tries
constexpr int lock_timeout = 200; // milliseconds
// A change may leave the time of a file as it was if the file was changed in
// the same tick of the kernel's clock before.
constexpr auto longest_tick = 20ms;

struct FileState {
  bool exists = false;
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  std::chrono::nanoseconds time{0};

  bool operator==(const FileState &) const = default;
  bool has_data() const { return exists && size > 0; }
};

FileState look_at(const std::string &path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT)
      return {};
    throw Error::system(
        format(_("cannot look at '%s'"), printable(path).c_str()), errno);
  }
  return {true, status.st_dev, status.st_ino, status.st_size,
          std::chrono::seconds(status.st_mtim.tv_sec) +
              std::chrono::nanoseconds(status.st_mtim.tv_nsec)};
}

struct Files {
  FileState database, wal, shm, journal;

  explicit Files(const std::string &path)
      : database(look_at(path)), wal(look_at(path + "-wal")),
        shm(look_at(path + "-shm")), journal(look_at(path + "-journal")) {}

  bool all_is_in_database() const {
    return !wal.has_data() && !journal.has_data();
  }
  bool may_change_unseen() const {
    auto now = std::chrono::system_clock::now().time_since_epoch();
    return now >= database.time && now - database.time < longest_tick;
  }
};

// Whether another user of the database, or the lack of a permission to use
// shared memory beside it, is why SQLite gave up.
bool is_refusal(const DatabaseError &error) {
  enum {
    perm = 3,
    busy = 5,
    locked = 6,
    readonly = 8,
    cantopen = 14,
    protocol = 15
  }; // sqlite.org/rescode.html
  int code = error.code() & 0xFF;
  return code == perm || code == busy || code == locked || code == readonly ||
         code == cantopen || code == protocol;
}

// SQLite's SHARED lock, held by the open file instead of the process, so that
// it lies beside the one of our own SQLite.  A daemon that ends meanwhile
// leaves its -wal and -shm where they are.  Where there are no such locks,
// nothing but that is lost.
void take_shared_lock(const FileDescriptor &file) {
  struct flock lock {};
  lock.l_type = F_RDLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = 0x40000002; // SHARED_FIRST, sqlite.org/fileformat2.html 1.2.1
  lock.l_len = 510;
  fcntl(file.get(), F_OFD_SETLK, &lock);
}

bool is_in_wal_mode(const FileDescriptor &file, const std::string &path) {
  std::array<char, 2> versions{}; // of the format, for writing and reading
  read_at(file, path, versions.data(), versions.size(), 18);
  return versions[0] == 2 || versions[1] == 2;
}

using Read = std::function<void(Database &)>;

bool read_beside_writer(const std::string &path, const Read &read) {
  FileDescriptor file = open_file(path);
  take_shared_lock(file);
  Files files(path);
  bool has_wal = files.wal.exists && files.shm.exists;
  bool has_journal = files.journal.has_data() && !is_in_wal_mode(file, path);
  if (!has_wal && !has_journal)
    return false;
  try {
    Database database(path, Database::Access::read_only);
    database.set_timeout(lock_timeout);
    database.execute("BEGIN");
    read(database);
    return true;
  } catch (const DatabaseError &error) {
    if (!is_refusal(error))
      throw;
    return false;
  }
}

bool read_without_writer(const std::string &path, const Read &read) {
  Files before(path);
  if (!before.all_is_in_database() || before.may_change_unseen())
    return false;
  auto unchanged = [&] {
    Files after(path);
    return after.database == before.database && after.all_is_in_database();
  };
  try {
    Database database(path, Database::Access::immutable);
    database.execute("BEGIN");
    read(database);
  } catch (const Error &) {
    if (unchanged())
      throw;
    return false;
  }
  return unchanged();
}

void copy_file(const std::string &from, const std::string &to) {
  std::error_code error;
  std::filesystem::copy_file(from, to, error);
  if (error && error != std::errc::no_such_file_or_directory)
    throw Error::system(format(_("cannot copy '%s'"), printable(from).c_str()),
                        error.value());
}

// The header of the log; its salt is new each time the log begins anew.
std::string wal_header(const std::string &path) {
  if (!look_at(path + "-wal").exists)
    return {};
  std::array<char, 32> header{};
  std::size_t size = read_at(open_file(path + "-wal"), path + "-wal",
                             header.data(), header.size(), 0);
  return {header.data(), size};
}

// A copy is whole if the database did not change under it and the log only
// grew: SQLite ignores what comes after the last whole transaction.
bool read_copy(const std::string &path, const Read &read) {
  TemporaryDirectory folder;
  std::string copy = folder.path() + "/database";
  Files before(path);
  std::string header = wal_header(path);
  if (before.may_change_unseen())
    return false;
  copy_file(path, copy);
  copy_file(path + "-wal", copy + "-wal");
  copy_file(path + "-journal", copy + "-journal");
  Files after(path);
  if (after.database != before.database || after.journal != before.journal ||
      after.wal.exists != before.wal.exists || wal_header(path) != header)
    return false;
  Database database(copy, Database::Access::create);
  database.execute("BEGIN");
  read(database);
  return true;
}

// Tries ATTEMPT until it returns true, or for as long as patience lasts.
bool try_for_a_while(Monitor &monitor, const std::function<bool()> &attempt) {
  auto end = Clock::now() + patience;
  for (;;) {
    monitor.check();
    if (attempt())
      return true;
    if (Clock::now() >= end)
      return false;
    std::this_thread::sleep_for(pause);
  }
}

} // namespace

void read_live_database(const std::string &path, Monitor &monitor,
                        const Read &read) {
  static std::mutex mutex;
  std::lock_guard lock(mutex);
  if (try_for_a_while(monitor, [&] {
        return read_beside_writer(path, read) ||
               read_without_writer(path, read);
      }))
    return;
  if (try_for_a_while(monitor, [&] { return read_copy(path, read); }))
    return;
  throw Error(
      format(_("cannot read the database '%s'"), printable(path).c_str()),
      _("another process keeps changing it"), _("try again later"));
}

} // namespace strata
