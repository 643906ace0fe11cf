/* SPDX-License-Identifier: MIT */
/*
 * Requests of programs in the guest to the host. A program connects to the agent's
 * socket, as kspace-call does; the agent passes bytes on and knows nothing of them.
 */
#ifndef CALL_H
#define CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "poller.h"

/* The abstract socket that the agent listens on, without the leading NUL. */
#define CALL_SOCKET	"kspace-agent"

/*
 * The socket is SOCK_SEQPACKET. The caller sends the bytes of its request in packets
 * of any size up to this one, then shuts down its sending side. The agent sends
 * packets that begin with one of the bytes below.
 */
#define CALL_PACKET_MAX	4096
#define CALL_REPLY_DATA	'd'	/* bytes of the reply follow */
#define CALL_REPLY_END	'e'	/* exit status, one byte; text for standard error */
#define CALL_COMPLAINT_MAX 255	/* bytes of that text */

/* Of the socket's name; KSPACE_AGENT_SOCKET in the environment goes before the default. */
socklen_t call_address(struct sockaddr_un *address);

/* kspace-call's main(). */
int call_client_main(int argc, char **argv);
/* The main() of a command that the host carries out. */
int host_command_main(const char *name, int argc, char **argv);

/* Opens the socket. False with errno set. */
bool call_listen(void);
void call_reply(uint32_t id, const uint8_t *bytes, size_t length);
/* Status and complaint, as the caller gets them behind CALL_REPLY_END. */
void call_reply_end(uint32_t id, const uint8_t *bytes, size_t length);
/* Ends all calls: the callers see the connection end without a status. */
void call_reset(void);

/* Writes what is there to be written to the callers. */
void call_advance(void);
/* Before and after poll(2). */
void call_poll(struct poller *poller, bool room_for_requests);
void call_polled(const struct poller *poller);
size_t call_next_control(uint8_t *message);
size_t call_next_request(uint8_t *message);

#endif
