// Scans a text for literals with Hyperscan, to compare the bench `scan` with.
//
//     cc -O2 hyperscan.c -o hyperscan -lhs        (Debian: libhyperscan-dev)
//     hyperscan LITERALS TEXT ROUNDS [caseless]
//
// LITERALS has one literal a line. Prints the milliseconds to compile, the median milliseconds of a scan, and the number of
// matches.

#include <hs/hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static char *read_file(const char *path, size_t *len) {
    FILE *file = fopen(path, "rb");
    if (!file) { perror(path); exit(2); }
    fseek(file, 0, SEEK_END);
    *len = ftell(file);
    rewind(file);
    char *bytes = malloc(*len + 1);
    if (fread(bytes, 1, *len, file) != *len) { perror(path); exit(2); }
    bytes[*len] = 0;
    fclose(file);
    return bytes;
}

static int count(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)id; (void)from; (void)to; (void)flags;
    ++*(unsigned long long *)context;
    return 0;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    if (argc < 4) { fprintf(stderr, "usage: hyperscan LITERALS TEXT ROUNDS [caseless]\n"); return 2; }
    size_t len, text_len;
    char *list = read_file(argv[1], &len), *text = read_file(argv[2], &text_len);
    int rounds = atoi(argv[3]);
    unsigned flag = argc > 4 ? HS_FLAG_CASELESS : 0;
    size_t n = 0, room = 1024;
    const char **literals = malloc(room * sizeof *literals);
    size_t *lengths = malloc(room * sizeof *lengths);
    for (char *line = strtok(list, "\n"); line; line = strtok(NULL, "\n")) {
        if (n == room) {
            room *= 2;
            literals = realloc(literals, room * sizeof *literals);
            lengths = realloc(lengths, room * sizeof *lengths);
        }
        literals[n] = line;
        lengths[n++] = strlen(line);
    }
    unsigned *flags = malloc(n * sizeof *flags), *ids = malloc(n * sizeof *ids);
    for (size_t i = 0; i < n; i++) { flags[i] = flag; ids[i] = i; }
    double start = now_ms();
    hs_database_t *database;
    hs_compile_error_t *error;
    if (hs_compile_lit_multi(literals, flags, ids, lengths, n, HS_MODE_BLOCK, NULL, &database, &error) != HS_SUCCESS) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    double compile = now_ms() - start;
    hs_scratch_t *scratch = NULL;
    if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) return 1;
    double *times = malloc(rounds * sizeof *times);
    unsigned long long matches = 0;
    for (int i = 0; i < rounds; i++) {
        matches = 0;
        start = now_ms();
        // In chunks of 1 MiB, as the bench reads a log.
        for (size_t at = 0; at < text_len; at += 1 << 20) {
            size_t part = text_len - at < 1 << 20 ? text_len - at : 1 << 20;
            hs_scan(database, text + at, part, 0, scratch, count, &matches);
        }
        times[i] = now_ms() - start;
    }
    qsort(times, rounds, sizeof *times, by_value);
    printf("%.1f %.2f %llu\n", compile, times[rounds / 2], matches);
    return 0;
}
