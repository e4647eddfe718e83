// A library for tests that is loaded in front of the C library (LD_PRELOAD) and makes calls on chosen files fail.
#pragma once

// How the library is told what to do, by environment variables:
//
// NATS_CLAIMS_FAULT_FILES    a text that the paths of the chosen files contain; without it nothing happens
// NATS_CLAIMS_FAULT_CONTROL  a file with one line, read anew at every call:
//                            NUMBER CALL FILE ACTION FIRST COUNT
//                            NUMBER   any number; a new one counts calls from the start
//                            CALL     pwrite64, pread64, fdatasync, ftruncate64, or any
//                            FILE     the end of the file's path, or any
//                            ACTION   the number of the error (errno); short: half of the bytes are written; hang: wait for another line
//                            FIRST    the first call that fails, from 1
//                            COUNT    how many fail; 0 for all that follow
// NATS_CLAIMS_FAULT_TRACE    a file to which a line is added for every call: CALL PATH RESULT
extern const char *const fault_injection_variables[3];
