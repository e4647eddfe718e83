// Calls of the system that Glibc's module hides from Swift, because they need _GNU_SOURCE.
#pragma once

// syncfs(2): writes everything of the file system that a descriptor lies on to stable storage.
int linux_syncfs(int descriptor);

// statfs(2): the number of the file system's type; -1 and errno when the path cannot be examined.
int linux_filesystem_type(const char *path, unsigned int *type);

// pthread_setname_np(3): names the calling thread, in at most 15 characters.
void linux_name_thread(const char *name);

// Whether another descriptor has the open file open for writing: 1, 0, or -1 when the file system cannot say (fcntl(2), F_SETLEASE).
int linux_is_open_for_writing(int descriptor);

// malloc_trim(3): gives freed memory back to the system.
void linux_give_back_memory(void);
