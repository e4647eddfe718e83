#define _GNU_SOURCE
#include "include/fault_injection.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

const char *const fault_injection_variables[3] = {
    "NATS_CLAIMS_FAULT_FILES", "NATS_CLAIMS_FAULT_CONTROL", "NATS_CLAIMS_FAULT_TRACE"};

enum action { PASS, FAIL, SHORT, HANG };

struct order {
  long number;
  char call[16], file[64], action[16];
  long first, count;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long number, seen;

// Reads the control file by bare system calls: the functions of the C library may be ours.
static int read_order(struct order *order) {
  const char *path = getenv(fault_injection_variables[1]);
  char line[256];
  int file = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0) : -1;
  if (file < 0) return 0;
  long length = syscall(SYS_read, file, line, sizeof line - 1);
  syscall(SYS_close, file);
  if (length <= 0) return 0;
  line[length] = 0;
  return sscanf(line, "%ld %15s %63s %15s %ld %ld", &order->number, order->call, order->file, order->action, &order->first,
                &order->count) == 6;
}

static int ends_with(const char *text, const char *end) {
  size_t length = strlen(text), tail = strlen(end);
  return length >= tail && strcmp(text + length - tail, end) == 0;
}

// The path of a descriptor, if it is one of the chosen files.
static int is_chosen(int descriptor, char *path, size_t size) {
  const char *files = getenv(fault_injection_variables[0]);
  if (!files || !*files) return 0;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, size - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return strstr(path, files) != NULL;
}

static void trace(const char *call, const char *path, const char *result) {
  const char *name = getenv(fault_injection_variables[2]);
  if (!name) return;
  char line[PATH_MAX + 64];
  int length = snprintf(line, sizeof line, "%s %s %s\n", call, path, result);
  int file = (int)syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return;
  syscall(SYS_write, file, line, length);
  syscall(SYS_close, file);
}

// What is to happen to a call; `failure` is the number of the error.
static enum action judge(const char *call, const char *path, int *failure) {
  struct order order;
  enum action action = PASS;
  if (!read_order(&order)) return PASS;
  pthread_mutex_lock(&lock);
  if (order.number != number) {
    number = order.number;
    seen = 0;
  }
  if ((strcmp(order.call, "any") == 0 || strcmp(order.call, call) == 0) && (strcmp(order.file, "any") == 0 || ends_with(path, order.file))) {
    seen++;
    if (seen >= order.first && (order.count == 0 || seen < order.first + order.count)) {
      *failure = atoi(order.action);
      action = strcmp(order.action, "short") == 0 ? SHORT : strcmp(order.action, "hang") == 0 ? HANG : *failure ? FAIL : PASS;
    }
  }
  pthread_mutex_unlock(&lock);
  return action;
}

static void wait_for_another(void) {
  struct order order;
  long mine = number;
  while (read_order(&order) && order.number == mine) usleep(5000);
}

// Gives the action for a call on a descriptor; a call that hung goes on as if nothing had been.
static enum action meet(const char *call, int descriptor) {
  char path[PATH_MAX];
  int saved = errno, failure = 0;
  if (!is_chosen(descriptor, path, sizeof path)) {
    errno = saved;
    return PASS;
  }
  enum action action = judge(call, path, &failure);
  trace(call, path, action == FAIL ? "failed" : action == SHORT ? "short" : action == HANG ? "hung" : "passed");
  if (action == HANG) {
    wait_for_another();
    action = PASS;
  }
  errno = action == FAIL ? failure : saved;
  return action;
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
  enum action action = meet("pwrite64", descriptor);
  if (action == FAIL) return -1;
  if (action == SHORT && count > 1) count /= 2;
  return syscall(SYS_pwrite64, descriptor, bytes, count, offset);
}

ssize_t pread64(int descriptor, void *bytes, size_t count, off64_t offset) {
  if (meet("pread64", descriptor) == FAIL) return -1;
  return syscall(SYS_pread64, descriptor, bytes, count, offset);
}

int fdatasync(int descriptor) {
  if (meet("fdatasync", descriptor) == FAIL) return -1;
  return (int)syscall(SYS_fdatasync, descriptor);
}

int ftruncate64(int descriptor, off64_t length) {
  if (meet("ftruncate64", descriptor) == FAIL) return -1;
  return (int)syscall(SYS_ftruncate, descriptor, length);
}
