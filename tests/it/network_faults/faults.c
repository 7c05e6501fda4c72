/* Makes the files below $FAULTS_BELOW behave like those of a network file system in trouble. The file $FAULTS_CONTROL says how, and
   may change at any time: a word, a number and a part of a path. Only files with that part in their path have faults.

   short 0 x    a read returns at most three bytes
   again 0 x    every second read is interrupted by a signal (EINTR)
   broken 0 x   reading fails (EIO)
   stale N x    a file that was opened while the number was less than N has a stale handle: it cannot be read or looked at (ESTALE)
   gone 0 x     a file can be opened, but its handle is stale at once
   unseen 0 x   the path cannot be opened or looked at yet, though its folder lists it (ENOENT) */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST = 1024 };

/* For each open file: its path, the number when it was opened, and how often it was read. */
static struct { char path[512]; int number; unsigned reads; } opened[MOST];

struct fault { char kind[16]; int number; char part[256]; };

static ssize_t (*next_read)(int, void *, size_t);
static int (*next_open)(const char *, int, ...);

static void load(void) {
    if (!next_open) {
        next_read = dlsym(RTLD_NEXT, "read");
        next_open = dlsym(RTLD_NEXT, "open64");
    }
}

static struct fault now(void) {
    struct fault fault = {"", 0, ""};
    const char *control = getenv("FAULTS_CONTROL");
    load();
    int file = control ? next_open(control, O_RDONLY | O_CLOEXEC) : -1;
    if (file >= 0) {
        char text[300] = "";
        if (next_read(file, text, sizeof text - 1) > 0) sscanf(text, "%15s %d %255s", fault.kind, &fault.number, fault.part);
        close(file);
    }
    return fault;
}

static int is_ours(const char *path, const struct fault *fault) {
    const char *below = getenv("FAULTS_BELOW");
    return below && fault->part[0] && !strncmp(path, below, strlen(below)) && strstr(path, fault->part);
}

static int is(const struct fault *fault, const char *kind) { return !strcmp(fault->kind, kind); }

static int is_stale(int file, const struct fault *fault) {
    if (file < 0 || file >= MOST || !is_ours(opened[file].path, fault)) return 0;
    return is(fault, "gone") || (is(fault, "stale") && opened[file].number < fault->number);
}

static int is_unseen(const char *path, const struct fault *fault) {
    return is(fault, "unseen") && is_ours(path, fault);
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    struct fault fault = now();
    if (is_unseen(path, &fault)) { errno = ENOENT; return -1; }
    int file = next_open(path, flags, mode);
    if (file >= 0 && file < MOST) {
        snprintf(opened[file].path, sizeof opened[file].path, "%s", path);
        opened[file].number = fault.number;
        opened[file].reads = 0;
    }
    return file;
}

ssize_t read(int file, void *bytes, size_t len) {
    load();
    if (file < 0 || file >= MOST || !opened[file].path[0]) return next_read(file, bytes, len);
    struct fault fault = now();
    if (is_stale(file, &fault)) { errno = ESTALE; return -1; }
    if (is_ours(opened[file].path, &fault)) {
        if (is(&fault, "broken")) { errno = EIO; return -1; }
        if (is(&fault, "again") && opened[file].reads++ % 2 == 0) { errno = EINTR; return -1; }
        if (is(&fault, "short") && len > 3) len = 3;
    }
    return next_read(file, bytes, len);
}

int statx(int file, const char *path, int flags, unsigned mask, struct statx *found) {
    static int (*next)(int, const char *, int, unsigned, struct statx *);
    if (!next) next = dlsym(RTLD_NEXT, "statx");
    struct fault fault = now();
    if (!path || !path[0]) {
        if (is_stale(file, &fault)) { errno = ESTALE; return -1; }
    } else if (is_unseen(path, &fault)) {
        errno = ENOENT;
        return -1;
    }
    return next(file, path, flags, mask, found);
}
