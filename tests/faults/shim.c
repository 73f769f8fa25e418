/* What a process asks of the disk under one folder, made to fail, or written down so that it can be replayed.
 *
 *   SHIM_ROOT     the folder, absolute; all else passes untouched
 *   SHIM_CONTROL  a file of one `struct control`, mapped: who writes into it decides what fails now
 *   SHIM_TRACE    a file to which every change that succeeded is appended, in the order in which it happened
 *
 * Several processes and threads may share both files. Links that are symbolic, mapped memory and `*at` calls outside
 * the root are not followed: neither flux nor SQLite (but for its index in shared memory, which no power cut keeps)
 * changes a file by them.
 */
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
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FAIL_WRITE = 1, FAIL_SYNC = 2, FAIL_MAKE = 4, FAIL_REMOVE = 8 };
enum { CREATE = 1, WRITE, TRUNCATE, SYNC, RENAME, LINK, UNLINK, MKDIR, RMDIR };

struct control {
    int32_t error;     /* errno of what fails, 0 while all is well */
    uint32_t kinds;    /* FAIL_... that fail */
    int64_t countdown; /* calls of these kinds that still succeed */
    int64_t hits;      /* calls that failed */
    int64_t once;      /* 1: all is well again after the first */
    char place[1000];  /* only below this folder, relative to the root; empty: everywhere */
};

struct record {
    uint32_t size; /* of the whole, with both texts */
    uint32_t operation;
    uint64_t inode;
    int64_t offset;
    uint32_t first, second; /* sizes of the texts that follow: a path and another one, or the bytes written */
} __attribute__((packed));

#define FILES 65536
static char *paths[FILES]; /* of what is open below the root, relative to it */
static char root[PATH_MAX];
static struct control *control;
static int trace = -1;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

#define REAL(type, name, ...)                                            \
    static type (*real)(__VA_ARGS__);                                    \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("SHIM_ROOT"), *page = getenv("SHIM_CONTROL"), *file = getenv("SHIM_TRACE");
    if (!folder) return;
    REAL(int, open, const char *, int, ...);
    if (file) trace = real(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (page) {
        int descriptor = real(page, O_RDWR | O_CLOEXEC);
        void *mapped = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        if (mapped == MAP_FAILED) abort();
        control = mapped;
    }
    strncpy(root, folder, sizeof root - 1);
}

/* The path relative to the root, or NULL where it leads elsewhere. */
static const char *inside(int folder, const char *path, char *full) {
    char at[64];
    size_t length = strlen(root);
    if (!length || !path) return NULL;
    if (path[0] == '/') {
        snprintf(full, PATH_MAX, "%s", path);
    } else {
        if (folder == AT_FDCWD) {
            if (!getcwd(full, PATH_MAX)) return NULL;
        } else {
            snprintf(at, sizeof at, "/proc/self/fd/%d", folder);
            ssize_t got = readlink(at, full, PATH_MAX - 1);
            if (got < 0) return NULL;
            full[got] = 0;
        }
        size_t used = strlen(full);
        snprintf(full + used, PATH_MAX - used, "/%s", path);
    }
    if (strncmp(full, root, length)) return NULL;
    if (!full[length]) return full + length;
    return full[length] == '/' ? full + length + 1 : NULL;
}

/* Called with errno to keep; true where this call must fail, errno then says of what. */
static int fails(unsigned kind, const char *path) {
    if (!control || !path) return 0;
    int error = __atomic_load_n(&control->error, __ATOMIC_ACQUIRE);
    if (!error || !(control->kinds & kind)) return 0;
    if (strncmp(path, control->place, strlen(control->place))) return 0;
    if (__atomic_fetch_sub(&control->countdown, 1, __ATOMIC_ACQ_REL) > 0) return 0;
    __atomic_fetch_add(&control->hits, 1, __ATOMIC_ACQ_REL);
    if (control->once) __atomic_store_n(&control->error, 0, __ATOMIC_RELEASE);
    errno = error;
    return 1;
}

static void lock(void) {
    pthread_mutex_lock(&turn);
    if (trace >= 0) flock(trace, LOCK_EX);
}

static void unlock(void) {
    if (trace >= 0) flock(trace, LOCK_UN);
    pthread_mutex_unlock(&turn);
}

static void note(uint32_t operation, uint64_t inode, int64_t offset, const void *first, size_t size, const char *second) {
    if (trace < 0) return;
    REAL(ssize_t, writev, int, const struct iovec *, int);
    size_t other = second ? strlen(second) : 0;
    struct record head = {sizeof head + size + other, operation, inode, offset, size, other};
    struct iovec parts[] = {{&head, sizeof head}, {(void *)first, size}, {(void *)second, other}};
    int kept = errno;
    if (real(trace, parts, 3) != (ssize_t)head.size) abort();
    errno = kept;
}

static const char *path_of(int file) { return file >= 0 && file < FILES ? paths[file] : NULL; }

static uint64_t inode_of(int file) {
    struct stat seen;
    return fstat(file, &seen) ? 0 : seen.st_ino;
}

static void remember(int file, const char *path) {
    if (file < 0 || file >= FILES) return;
    free(paths[file]);
    paths[file] = path ? strdup(path) : NULL;
}

static int open_at(int folder, const char *path, int flags, mode_t mode) {
    REAL(int, openat, int, const char *, int, ...);
    char full[PATH_MAX];
    const char *place = inside(folder, path, full);
    if (!place) {
        int other = real(folder, path, flags, mode);
        if (other >= 0) remember(other, NULL);
        return other;
    }
    lock();
    struct stat seen;
    int exists = !fstatat(folder, path, &seen, AT_SYMLINK_NOFOLLOW);
    int makes = (flags & O_CREAT) && !exists;
    int changes = (flags & O_ACCMODE) != O_RDONLY && !(flags & O_DIRECTORY);
    int file = -1;
    if (!((makes && fails(FAIL_MAKE, place)) || (changes && control && control->error == EROFS && fails(FAIL_MAKE, place))))
        file = real(folder, path, flags, mode);
    if (file >= 0) {
        remember(file, place);
        if (makes) note(CREATE, inode_of(file), 0, place, strlen(place), NULL);
        else if (changes && (flags & O_TRUNC)) note(TRUNCATE, inode_of(file), 0, NULL, 0, NULL);
    }
    unlock();
    return file;
}

#define MODE(last)                      \
    mode_t mode = 0;                    \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list rest;                   \
        va_start(rest, last);           \
        mode = va_arg(rest, mode_t);    \
        va_end(rest);                   \
    }

int open(const char *path, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags) return open_at(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags) return open_at(folder, path, flags | O_LARGEFILE, mode); }

int close(int file) {
    REAL(int, close, int);
    remember(file, NULL);
    return real(file);
}

ssize_t write(int file, const void *bytes, size_t size) {
    REAL(ssize_t, write, int, const void *, size_t);
    if (!path_of(file)) return real(file, bytes, size);
    lock();
    ssize_t done = fails(FAIL_WRITE, path_of(file)) ? -1 : real(file, bytes, size);
    if (done > 0) note(WRITE, inode_of(file), lseek(file, 0, SEEK_CUR) - done, bytes, done, NULL);
    unlock();
    return done;
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    REAL(ssize_t, writev, int, const struct iovec *, int);
    if (!path_of(file)) return real(file, parts, count);
    ssize_t total = 0;
    for (int index = 0; index < count; index++) {
        ssize_t done = write(file, parts[index].iov_base, parts[index].iov_len);
        if (done < 0) return total ? total : -1;
        total += done;
        if ((size_t)done < parts[index].iov_len) break;
    }
    return total;
}

static ssize_t write_at(int file, const void *bytes, size_t size, off64_t offset) {
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    if (!path_of(file)) return real(file, bytes, size, offset);
    lock();
    ssize_t done = fails(FAIL_WRITE, path_of(file)) ? -1 : real(file, bytes, size, offset);
    if (done > 0) note(WRITE, inode_of(file), offset, bytes, done, NULL);
    unlock();
    return done;
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t offset) { return write_at(file, bytes, size, offset); }
ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t offset) { return write_at(file, bytes, size, offset); }

static int truncate_at(int file, off64_t size) {
    REAL(int, ftruncate64, int, off64_t);
    if (!path_of(file)) return real(file, size);
    lock();
    int done = fails(FAIL_WRITE, path_of(file)) ? -1 : real(file, size);
    if (!done) note(TRUNCATE, inode_of(file), size, NULL, 0, NULL);
    unlock();
    return done;
}

int ftruncate(int file, off_t size) { return truncate_at(file, size); }
int ftruncate64(int file, off64_t size) { return truncate_at(file, size); }

static int synced(int file, int (*real)(int)) {
    if (!path_of(file)) return real(file);
    lock();
    int done = fails(FAIL_SYNC, path_of(file)) ? -1 : real(file);
    if (!done) note(SYNC, inode_of(file), 0, NULL, 0, NULL);
    unlock();
    return done;
}

int fsync(int file) { REAL(int, fsync, int); return synced(file, real); }
int fdatasync(int file) { REAL(int, fdatasync, int); return synced(file, real); }

/* A change of two names, or of one where `second` is NULL; `act` does it. */
#define CHANGE(operation, kind, folder, first, other, second, act)                                      \
    char full[PATH_MAX], full_other[PATH_MAX];                                                          \
    const char *place = inside(folder, first, full);                                                    \
    const char *target = inside(other, second, full_other);                                          \
    if (!place && !target) return act;                                                                  \
    lock();                                                                                             \
    int done = fails(kind, place) || (target && fails(kind, target)) ? -1 : act;                        \
    if (!done) note(operation, 0, 0, place ? place : "", place ? strlen(place) : 0, target);            \
    unlock();                                                                                           \
    return done;

int renameat(int folder, const char *old, int other, const char *new) {
    REAL(int, renameat, int, const char *, int, const char *);
    CHANGE(RENAME, FAIL_MAKE, folder, old, other, new, real(folder, old, other, new))
}
int rename(const char *old, const char *new) { return renameat(AT_FDCWD, old, AT_FDCWD, new); }

int renameat2(int folder, const char *old, int other, const char *new, unsigned flags) {
    REAL(int, renameat2, int, const char *, int, const char *, unsigned);
    CHANGE(RENAME, FAIL_MAKE, folder, old, other, new, real(folder, old, other, new, flags))
}

int linkat(int folder, const char *old, int other, const char *new, int flags) {
    REAL(int, linkat, int, const char *, int, const char *, int);
    CHANGE(LINK, FAIL_MAKE, folder, old, other, new, real(folder, old, other, new, flags))
}
int link(const char *old, const char *new) { return linkat(AT_FDCWD, old, AT_FDCWD, new, 0); }

int unlinkat(int folder, const char *path, int flags) {
    REAL(int, unlinkat, int, const char *, int);
    CHANGE(flags & AT_REMOVEDIR ? RMDIR : UNLINK, FAIL_REMOVE, folder, path, 0, NULL, real(folder, path, flags))
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int folder, const char *path, mode_t mode) {
    REAL(int, mkdirat, int, const char *, mode_t);
    char full[PATH_MAX];
    const char *place = inside(folder, path, full);
    if (!place) return real(folder, path, mode);
    lock();
    int done = fails(FAIL_MAKE, place) ? -1 : real(folder, path, mode);
    struct stat seen;
    if (!done && !fstatat(folder, path, &seen, 0)) note(MKDIR, seen.st_ino, 0, place, strlen(place), NULL);
    unlock();
    return done;
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }
