// A call of the system that Glibc's module hides from Swift, because it needs _GNU_SOURCE.
#pragma once

#include <spawn.h>

// posix_spawn_file_actions_addclosefrom_np(3): the process inherits no descriptor from this number on.
int spawn_close_from(posix_spawn_file_actions_t *actions, int descriptor);
