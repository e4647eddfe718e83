#define _GNU_SOURCE
#include "include/linux_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/vfs.h>
#include <unistd.h>

int linux_syncfs(int descriptor) { return syncfs(descriptor); }

int linux_filesystem_type(const char *path, unsigned int *type) {
  struct statfs status;
  if (statfs(path, &status) != 0) return -1;
  *type = (unsigned int)status.f_type;
  return 0;
}

void linux_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

int linux_is_open_for_writing(int descriptor) {
  if (fcntl(descriptor, F_SETLEASE, F_RDLCK) == 0) {
    fcntl(descriptor, F_SETLEASE, F_UNLCK);
    return 0;
  }
  return errno == EAGAIN ? 1 : -1;
}

void linux_give_back_memory(void) { malloc_trim(0); }
