/* SPDX-License-Identifier: MIT */
/* What the host is told of its commands. */
#ifndef EXEC_REPORT_H
#define EXEC_REPORT_H

#include <stddef.h>
#include <stdint.h>

/* A request found no place among the commands. */
void report_refused(uint32_t id);
void report_reset(void);

/* The next message to the host; returns its length, 0: there is none. */
size_t report_next_control(uint8_t *message);
size_t report_next_output(uint8_t *message);

#endif
