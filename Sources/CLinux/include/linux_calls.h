// Calls of the system that Glibc's module hides from Swift, because they need _GNU_SOURCE.
#pragma once

// syncfs(2): writes everything of the file system that a descriptor lies on to stable storage.
int linux_syncfs(int descriptor);

// statfs(2): the number of the file system's type; -1 and errno when the path cannot be examined.
int linux_filesystem_type(const char *path, unsigned int *type);

// Whether another descriptor has the open file open for writing: 1, 0, or -1 when the file system cannot say (fcntl(2), F_SETLEASE).
int linux_is_open_for_writing(int descriptor);
