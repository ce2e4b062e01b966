/* Preloaded into a process, it watches what is done to the files below one folder: it writes every change down in order, so that a
   power cut can be played afterwards (power_cuts.py), and it fails the call that it is told to fail (io_errors.py). Linux, glibc.

   Environment: IO_TRAP_ROOT  the folder; IO_TRAP_LOG  where to write down ("" = nowhere). */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define MOST_FILES 4096
enum change { WRITE = 1, TRUNCATE, SYNC, CREATE, RENAME, LINK, UNLINK, MAKE_FOLDER };
enum call { READS = 1, WRITES = 2, OTHERS = 4 };

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static char root[PATH_MAX];
static size_t root_length;
static int log_file = -1;
static char watched[MOST_FILES]; /* by descriptor: is it below the root? */
static long calls, fail_at = -1;
static int fail_error, fail_kinds, fail_on, fail_short;

/* ── telling ─────────────────────────────────────────────────────────────────────────────────── */
static void put(const void *data, size_t length) {
  while (length) {
    long done = syscall(SYS_write, log_file, data, length);
    if (done <= 0) _exit(97); /* a log with a hole is worse than none */
    data = (const char *)data + done;
    length -= done;
  }
}

static void tell(enum change what, const char *path, const char *other, int64_t offset, const void *data, uint64_t length) {
  if (log_file < 0) return;
  uint32_t head[3] = {what, path ? strlen(path) : 0, other ? strlen(other) : 0};
  put(head, sizeof head);
  put(&offset, sizeof offset);
  put(&length, sizeof length);
  if (path) put(path, head[1]);
  if (other) put(other, head[2]);
  if (data) put(data, length);
}

/* ── failing ─────────────────────────────────────────────────────────────────────────────────── */
void io_trap_arm(long index, int error, int kinds, int on, int half) {
  pthread_mutex_lock(&lock);
  calls = 0, fail_at = index, fail_error = error, fail_kinds = kinds, fail_on = on, fail_short = half;
  pthread_mutex_unlock(&lock);
}

long io_trap_calls(void) { return calls; }

/* Counts a call; 1 = it is to fail. */
static int fails(enum call kind) {
  if (!(kind & fail_kinds)) return 0;
  long index = calls++;
  if (fail_at < 0 || !(fail_on ? index >= fail_at : index == fail_at)) return 0;
  errno = fail_error;
  return 1;
}

/* ── paths ───────────────────────────────────────────────────────────────────────────────────── */
/* The whole path, if it is below the root. */
static const char *below(int folder, const char *path, char *whole) {
  if (!root_length || !path) return NULL;
  if (path[0] == '/') {
    snprintf(whole, PATH_MAX, "%s", path);
  } else if (folder == AT_FDCWD) {
    char here[PATH_MAX];
    if (!getcwd(here, sizeof here)) return NULL;
    if (snprintf(whole, PATH_MAX, "%s/%s", here, path) >= PATH_MAX) return NULL;
  } else {
    char link[64], here[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, here, sizeof here - 1);
    if (length < 0) return NULL;
    here[length] = 0;
    if (snprintf(whole, PATH_MAX, "%s/%s", here, path) >= PATH_MAX) return NULL;
  }
  return strncmp(whole, root, root_length) == 0 && (whole[root_length] == '/' || !whole[root_length]) ? whole : NULL;
}

static const char *path_of(int file, char *whole) {
  if (file < 0 || file >= MOST_FILES || !watched[file]) return NULL;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, whole, PATH_MAX - 1);
  if (length < 0) return NULL;
  whole[length] = 0;
  return whole;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define ENTER pthread_mutex_lock(&lock)
#define LEAVE(result)                                                                                                            \
  do {                                                                                                                           \
    __typeof__(result) leaving = (result);                                                                                       \
    int kept = errno;                                                                                                            \
    pthread_mutex_unlock(&lock);                                                                                                 \
    errno = kept;                                                                                                                \
    return leaving;                                                                                                              \
  } while (0)

/* ── opening ─────────────────────────────────────────────────────────────────────────────────── */
static int opened(int folder, const char *path, int flags, mode_t mode) {
  char whole[PATH_MAX];
  const char *ours = below(folder, path, whole);
  if (!ours) {
    int file = syscall(SYS_openat, folder, path, flags, mode);
    if (file >= 0 && file < MOST_FILES) watched[file] = 0;
    return file;
  }
  ENTER;
  int made = (flags & O_CREAT) && syscall(SYS_faccessat, AT_FDCWD, ours, F_OK) != 0;
  if (fails(made ? WRITES : OTHERS)) LEAVE(-1);
  int file = syscall(SYS_openat, folder, path, flags, mode);
  if (file >= 0 && file < MOST_FILES) {
    watched[file] = 1;
    if (made) tell(CREATE, ours, NULL, 0, NULL, 0);
    else if ((flags & O_TRUNC) && (flags & O_ACCMODE) != O_RDONLY) tell(TRUNCATE, ours, NULL, 0, NULL, 0);
  }
  LEAVE(file);
}

#define MODE_ARGUMENT                                                                                                            \
  mode_t mode = 0;                                                                                                               \
  if (flags & (O_CREAT | __O_TMPFILE)) {                                                                                         \
    va_list rest;                                                                                                                \
    va_start(rest, flags);                                                                                                       \
    mode = va_arg(rest, mode_t);                                                                                                 \
    va_end(rest);                                                                                                                \
  }
int open(const char *path, int flags, ...) { MODE_ARGUMENT return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_ARGUMENT return opened(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE_ARGUMENT return opened(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE_ARGUMENT return opened(folder, path, flags, mode); }

int close(int file) {
  if (file >= 0 && file < MOST_FILES) watched[file] = 0;
  return syscall(SYS_close, file);
}

/* ── reading and writing ─────────────────────────────────────────────────────────────────────── */
static ssize_t written(int file, const void *data, size_t length, off_t offset, int at_offset) {
  char whole[PATH_MAX];
  const char *path = path_of(file, whole);
  if (!path) return at_offset ? syscall(SYS_pwrite64, file, data, length, offset) : syscall(SYS_write, file, data, length);
  ENTER;
  if (fails(WRITES)) {
    if (!fail_short || length < 2) LEAVE((ssize_t)-1);
    length /= 2; /* a short write: the caller comes again with the rest */
  }
  if (!at_offset) {
    int flags = fcntl(file, F_GETFL);
    offset = lseek(file, 0, flags >= 0 && (flags & O_APPEND) ? SEEK_END : SEEK_CUR);
  }
  ssize_t done = at_offset ? syscall(SYS_pwrite64, file, data, length, offset) : syscall(SYS_write, file, data, length);
  if (done > 0) tell(WRITE, path, NULL, offset, data, done);
  LEAVE(done);
}
ssize_t write(int file, const void *data, size_t length) { return written(file, data, length, 0, 0); }
ssize_t pwrite(int file, const void *data, size_t length, off_t offset) { return written(file, data, length, offset, 1); }
ssize_t pwrite64(int file, const void *data, size_t length, off64_t offset) { return written(file, data, length, offset, 1); }

static ssize_t got(int file, void *data, size_t length, off_t offset, int at_offset) {
  char whole[PATH_MAX];
  if (path_of(file, whole)) {
    ENTER;
    int failing = fails(READS);
    pthread_mutex_unlock(&lock);
    if (failing) return errno = fail_error, -1;
  }
  return at_offset ? syscall(SYS_pread64, file, data, length, offset) : syscall(SYS_read, file, data, length);
}
ssize_t read(int file, void *data, size_t length) { return got(file, data, length, 0, 0); }
ssize_t pread(int file, void *data, size_t length, off_t offset) { return got(file, data, length, offset, 1); }
ssize_t pread64(int file, void *data, size_t length, off64_t offset) { return got(file, data, length, offset, 1); }

static int truncated(int file, off_t length) {
  char whole[PATH_MAX];
  const char *path = path_of(file, whole);
  ENTER;
  if (path && fails(WRITES)) LEAVE(-1);
  int result = syscall(SYS_ftruncate, file, length);
  if (path && result == 0) tell(TRUNCATE, path, NULL, length, NULL, 0);
  LEAVE(result);
}
int ftruncate(int file, off_t length) { return truncated(file, length); }
int ftruncate64(int file, off64_t length) { return truncated(file, length); }

int posix_fallocate(int file, off_t offset, off_t length) {
  char whole[PATH_MAX];
  const char *path = path_of(file, whole);
  if (!path) return REAL(posix_fallocate)(file, offset, length);
  struct stat status;
  ENTER;
  if (fails(WRITES)) LEAVE(fail_error);
  int result = REAL(posix_fallocate)(file, offset, length);
  if (result == 0 && fstat(file, &status) == 0) tell(TRUNCATE, path, NULL, status.st_size, NULL, 0);
  LEAVE(result);
}

static int synced(int file, long number) {
  char whole[PATH_MAX];
  const char *path = path_of(file, whole);
  ENTER;
  if (path && fails(OTHERS)) LEAVE(-1);
  int result = syscall(number, file);
  if (path && result == 0) tell(SYNC, path, NULL, 0, NULL, 0);
  LEAVE(result);
}
int fsync(int file) { return synced(file, SYS_fsync); }
int fdatasync(int file) { return synced(file, SYS_fdatasync); }

/* ── names ───────────────────────────────────────────────────────────────────────────────────── */
static int renamed(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  char one[PATH_MAX], two[PATH_MAX];
  const char *source = below(from_folder, from, one), *target = below(to_folder, to, two);
  ENTER;
  if (target && fails(WRITES)) LEAVE(-1);
  int result = syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
  if (source && target && result == 0) tell(RENAME, source, target, 0, NULL, 0);
  LEAVE(result);
}
int rename(const char *from, const char *to) { return renamed(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_folder, const char *from, int to_folder, const char *to) { return renamed(from_folder, from, to_folder, to, 0); }
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  return renamed(from_folder, from, to_folder, to, flags);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  char one[PATH_MAX], two[PATH_MAX];
  const char *source = below(from_folder, from, one), *target = below(to_folder, to, two);
  ENTER;
  if (target && fails(WRITES)) LEAVE(-1);
  int result = syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
  if (source && target && result == 0) tell(LINK, source, target, 0, NULL, 0);
  LEAVE(result);
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int unlinkat(int folder, const char *path, int flags) {
  char whole[PATH_MAX];
  const char *ours = below(folder, path, whole);
  ENTER;
  if (ours && fails(OTHERS)) LEAVE(-1);
  int result = syscall(SYS_unlinkat, folder, path, flags);
  if (ours && result == 0) tell(UNLINK, ours, NULL, 0, NULL, 0);
  LEAVE(result);
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int folder, const char *path, mode_t mode) {
  char whole[PATH_MAX];
  const char *ours = below(folder, path, whole);
  ENTER;
  if (ours && fails(WRITES)) LEAVE(-1);
  int result = syscall(SYS_mkdirat, folder, path, mode);
  if (ours && result == 0) tell(MAKE_FOLDER, ours, NULL, 0, NULL, 0);
  LEAVE(result);
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

__attribute__((constructor)) static void begin(void) {
  const char *folder = getenv("IO_TRAP_ROOT"), *path = getenv("IO_TRAP_LOG");
  if (folder && realpath(folder, root)) root_length = strlen(root);
  if (path && path[0]) {
    int file = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    log_file = fcntl(file, F_DUPFD_CLOEXEC, 1000); /* out of the way of numbers that tests compare */
    if (log_file >= 0) syscall(SYS_close, file);
  }
}
