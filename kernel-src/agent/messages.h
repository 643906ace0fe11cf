/* SPDX-License-Identifier: MIT */
/* Hands the host's messages to whom they concern, and collects those to the host. */
#ifndef MESSAGES_H
#define MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As struct link_user has them. */
bool messages_receive(const uint8_t *message, size_t length);
size_t messages_next_control(uint8_t *message);
size_t messages_next_bulk(uint8_t *message);
void messages_reset(void);

/* Without it, SET-TIME is refused. */
void messages_allow_setting_time(void);

#endif
