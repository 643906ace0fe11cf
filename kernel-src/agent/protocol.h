/* SPDX-License-Identifier: MIT */
/*
 * The numbers of the control line's protocol. emulator/console/PROTOCOL.md says
 * what they mean; emulator/console/protocol.ts has the same ones for the host.
 */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#define PROTOCOL_VERSION	1

/* Bytes of a message: its type, its id, and at most this much behind them. */
#define MESSAGE_HEADER		5
#define TO_GUEST_MAX		(MESSAGE_HEADER + 1024)
#define TO_HOST_MAX		(MESSAGE_HEADER + 4096)

/* What a receiver of stream bytes can hold before it has given credit. */
#define INITIAL_CREDIT		16384
/* Most bytes of all EXEC parts of one command: execve's own limit of one string. */
#define EXEC_SPEC_MAX		131072

/* Frames; those of the guest have the top bit, so that an echo is no frame. */
enum frame_kind {
	FRAME_HELLO	= 0x01,
	FRAME_DATA	= 0x02,
	FRAME_ACK	= 0x03,
	FRAME_NAK	= 0x04,
	FRAME_POLL	= 0x05,
	FRAME_READY	= 0x06,
	FRAME_FROM_GUEST = 0x80,
};

enum host_message {
	MSG_EXEC_PART	= 0x01,
	MSG_EXEC	= 0x02,
	MSG_STDIN	= 0x03,
	MSG_STDIN_EOF	= 0x04,
	MSG_SIGNAL	= 0x05,
	MSG_PING	= 0x06,
	MSG_SET_TIME	= 0x07,
	MSG_REPLY	= 0x08,
	MSG_REPLY_END	= 0x09,
};

enum guest_message {
	MSG_STARTED	= 0x41,
	MSG_EXEC_FAILED	= 0x42,
	MSG_STDOUT	= 0x43,
	MSG_STDERR	= 0x44,
	MSG_EXIT	= 0x45,
	MSG_STDIN_CREDIT = 0x46,
	MSG_STDIN_CLOSED = 0x47,
	MSG_PONG	= 0x48,
	MSG_TIME_SET	= 0x49,
	MSG_CALL	= 0x4a,
	MSG_CALL_DATA	= 0x4b,
	MSG_CALL_END	= 0x4c,
	MSG_CALL_GONE	= 0x4d,
	MSG_REPLY_CREDIT = 0x4e,
};

enum exec_flags {
	EXEC_STDIN_PIPE	  = 1,	/* else /dev/null */
	EXEC_MERGE_STDERR = 2,
	EXEC_SET_USER	  = 4,
	EXEC_SET_UMASK	  = 8,
};

/* What was being done when a command failed to start. */
enum exec_step {
	STEP_REQUEST	= 1,	/* reading the request: EINVAL, E2BIG */
	STEP_LIMIT	= 2,	/* too many commands at once, no memory */
	STEP_PIPE	= 3,
	STEP_FORK	= 4,
	STEP_SESSION	= 5,
	STEP_STDIO	= 6,
	STEP_USER	= 7,
	STEP_CHDIR	= 8,
	STEP_EXECVE	= 9,
};

#endif
