// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "call.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "protocol.h"
#include "stream.h"

#define CALLS	8		/* at once; more callers wait in the socket's queue */
#define BACKLOG	64

static int listener = -1;
static int listener_entry;
static uint32_t last_id;

static struct call {
	bool used;
	uint32_t id;
	int fd;
	int entry;
	struct ucred caller;
	bool announce_due;
	bool ready;		/* a read may find something */
	bool request_ended;
	bool request_end_due;
	bool gone_due;		/* the caller left before its reply was complete */
	struct inflow reply;
	bool reply_ended;
	uint8_t end[2 + CALL_COMPLAINT_MAX];	/* the last packet */
	size_t end_length;
} calls[CALLS];

socklen_t call_address(struct sockaddr_un *address)
{
	const char *name = getenv("KSPACE_AGENT_SOCKET");
	size_t length;

	if (!name)
		name = CALL_SOCKET;
	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	length = strnlen(name, sizeof(address->sun_path) - 1);
	memcpy(address->sun_path + 1, name, length);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
}

bool call_listen(void)
{
	struct sockaddr_un address;
	socklen_t length = call_address(&address);

	listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return listener >= 0 && bind(listener, (struct sockaddr *)&address, length) == 0 &&
	       listen(listener, BACKLOG) == 0;
}

static struct call *find(uint32_t id)
{
	for (size_t i = 0; i < CALLS; i++) {
		if (calls[i].used && calls[i].id == id)
			return &calls[i];
	}
	return NULL;
}

static struct call *find_free(void)
{
	for (size_t i = 0; i < CALLS; i++) {
		if (!calls[i].used)
			return &calls[i];
	}
	return NULL;
}

static void release(struct call *call)
{
	close(call->fd);
	inflow_close(&call->reply);
	call->used = false;
}

static void leave(struct call *call)
{
	call->gone_due = true;
	call->ready = false;
}

static void accept_call(void)
{
	struct call *call = find_free();
	socklen_t length = sizeof(call->caller);
	int fd;

	if (!call)
		return;
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	memset(call, 0, sizeof(*call));
	if (!inflow_open(&call->reply) ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &call->caller, &length) < 0) {
		inflow_close(&call->reply);
		close(fd);
		return;
	}
	call->used = true;
	call->id = ++last_id;
	call->fd = fd;
	call->announce_due = true;
}

/* --- From the host ---------------------------------------------------------------- */

void call_reply(uint32_t id, const uint8_t *bytes, size_t length)
{
	struct call *call = find(id);

	if (call)
		inflow_put(&call->reply, bytes, length);
}

void call_reply_end(uint32_t id, const uint8_t *bytes, size_t length)
{
	struct call *call = find(id);

	if (!call)
		return;
	if (length > sizeof(call->end) - 1)
		length = sizeof(call->end) - 1;
	call->reply_ended = true;
	call->end[0] = CALL_REPLY_END;
	memcpy(call->end + 1, bytes, length);
	call->end_length = length + 1;
}

void call_reset(void)
{
	for (size_t i = 0; i < CALLS; i++) {
		if (calls[i].used)
			release(&calls[i]);
	}
}

/* --- To the caller ------------------------------------------------------------------ */

/* False: the socket takes no more now, or never. */
static bool send_packet(struct call *call, const uint8_t *packet, size_t length)
{
	if (send(call->fd, packet, length, MSG_NOSIGNAL) >= 0)
		return true;
	if (errno != EAGAIN)
		leave(call);
	return false;
}

static void write_reply(struct call *call)
{
	uint8_t packet[CALL_PACKET_MAX];
	const uint8_t *bytes;

	while (call->reply.length > 0) {
		size_t run = inflow_peek(&call->reply, &bytes);

		if (run > sizeof(packet) - 1)
			run = sizeof(packet) - 1;
		packet[0] = CALL_REPLY_DATA;
		memcpy(packet + 1, bytes, run);
		if (!send_packet(call, packet, run + 1))
			return;
		inflow_drop(&call->reply, run);
	}
	if (call->reply_ended && send_packet(call, call->end, call->end_length))
		release(call);
}

void call_advance(void)
{
	for (size_t i = 0; i < CALLS; i++) {
		if (calls[i].used && !calls[i].gone_due)
			write_reply(&calls[i]);
	}
}

void call_poll(struct poller *poller, bool room_for_requests)
{
	for (size_t i = 0; i < CALLS; i++) {
		struct call *call = &calls[i];
		short events = 0;

		call->entry = -1;
		if (!call->used || call->gone_due)
			continue;
		if (!call->request_ended && !call->ready && room_for_requests)
			events |= POLLIN;
		if (call->reply.length > 0 || call->reply_ended)
			events |= POLLOUT;
		/* With no events, too: POLLHUP says that the caller is gone. */
		call->entry = poller_add(poller, call->fd, events);
	}
	listener_entry = room_for_requests && find_free() ?
			 poller_add(poller, listener, POLLIN) : -1;
}

void call_polled(const struct poller *poller)
{
	for (size_t i = 0; i < CALLS; i++) {
		struct call *call = &calls[i];
		short events = call->used ? poller_events(poller, call->entry) : 0;

		if (events & (POLLHUP | POLLERR))
			leave(call);
		else if (events & POLLIN)
			call->ready = true;
	}
	if (poller_events(poller, listener_entry))
		accept_call();
}

/* --- To the host ---------------------------------------------------------------------- */

static size_t header(uint8_t *message, enum guest_message type, uint32_t id)
{
	message[0] = (uint8_t)type;
	put_u32(message + 1, id);
	return MESSAGE_HEADER;
}

static size_t control_of(struct call *call, uint8_t *message)
{
	uint32_t credit;
	size_t n;

	if (call->announce_due) {
		call->announce_due = false;
		n = header(message, MSG_CALL, call->id);
		put_u32(message + n, (uint32_t)call->caller.pid);
		put_u32(message + n + 4, call->caller.uid);
		put_u32(message + n + 8, call->caller.gid);
		return n + 12;
	}
	if (call->gone_due) {
		n = header(message, MSG_CALL_GONE, call->id);
		release(call);
		return n;
	}
	if (call->request_end_due) {
		call->request_end_due = false;
		return header(message, MSG_CALL_END, call->id);
	}
	credit = inflow_credit(&call->reply);
	if (credit) {
		n = header(message, MSG_REPLY_CREDIT, call->id);
		put_u32(message + n, credit);
		return n + 4;
	}
	return 0;
}

size_t call_next_control(uint8_t *message)
{
	for (size_t i = 0; i < CALLS; i++) {
		size_t length = calls[i].used ? control_of(&calls[i], message) : 0;

		if (length)
			return length;
	}
	return 0;
}

static size_t read_request(struct call *call, uint8_t *message)
{
	size_t n = header(message, MSG_CALL_DATA, call->id);
	ssize_t got = recv(call->fd, message + n, TO_HOST_MAX - MESSAGE_HEADER, 0);

	if (got > 0)
		return n + (size_t)got;
	call->ready = false;
	if (got == 0) {
		call->request_ended = true;
		call->request_end_due = true;
	} else if (errno != EAGAIN && errno != EINTR) {
		leave(call);
	}
	return 0;
}

size_t call_next_request(uint8_t *message)
{
	for (size_t i = 0; i < CALLS; i++) {
		size_t length = calls[i].used && calls[i].ready && !calls[i].announce_due ?
				read_request(&calls[i], message) : 0;

		if (length)
			return length;
	}
	return 0;
}
