/* SPDX-License-Identifier: MIT */
/* The set of file descriptors that one round of the main loop waits for. */
#ifndef POLLER_H
#define POLLER_H

#include <poll.h>
#include <stdbool.h>

#define POLLER_MAX	160

struct poller {
	struct pollfd fds[POLLER_MAX];
	nfds_t count;
};

/* Returns the index of the entry, for poller_events(); -1 for no descriptor. */
static inline int poller_add(struct poller *poller, int fd, short events)
{
	if (fd < 0 || poller->count == POLLER_MAX)
		return -1;
	poller->fds[poller->count] = (struct pollfd){ .fd = fd, .events = events };
	return (int)poller->count++;
}

static inline short poller_events(const struct poller *poller, int index)
{
	return index < 0 ? 0 : poller->fds[index].revents;
}

#endif
