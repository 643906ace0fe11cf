// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "tty.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

bool line_is_stdio(const struct line *line)
{
	return strcmp(line->path, "-") == 0;
}

static void raw_settings(struct termios *settings)
{
	cfmakeraw(settings);
	settings->c_iflag |= IGNBRK | IGNPAR;
	/* No carrier to wait for, no hang-up at the close, no flow control by wire. */
	settings->c_cflag |= CLOCAL | CREAD;
	settings->c_cflag &= ~(tcflag_t)(HUPCL | CRTSCTS | CSTOPB);
	settings->c_cc[VMIN] = 1;
	settings->c_cc[VTIME] = 0;
	/* An emulated UART has no speed; the kernel derives its timeouts from it. */
	cfsetispeed(settings, B115200);
	cfsetospeed(settings, B115200);
}

static bool same_settings(const struct termios *a, const struct termios *b)
{
	return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag &&
	       a->c_cflag == b->c_cflag && a->c_lflag == b->c_lflag &&
	       a->c_cc[VMIN] == b->c_cc[VMIN] && a->c_cc[VTIME] == b->c_cc[VTIME];
}

void line_keep_raw(const struct line *line)
{
	struct termios now, raw;

	if (line->in < 0 || line_is_stdio(line) || tcgetattr(line->in, &now) < 0)
		return;
	raw = now;
	raw_settings(&raw);
	if (!same_settings(&now, &raw))
		tcsetattr(line->in, TCSANOW, &raw);
}

static bool set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

bool line_open(struct line *line)
{
	if (line_is_stdio(line)) {
		line->in = STDIN_FILENO;
		line->out = STDOUT_FILENO;
		return set_nonblocking(line->in) && set_nonblocking(line->out);
	}
	line->in = open(line->path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (line->in < 0)
		return false;
	line->out = line->in;
	line_keep_raw(line);
	/* Nobody but root can open it from now on, and write into the frames. */
	ioctl(line->in, TIOCEXCL);
	/* What came before is of no session of this agent. */
	tcflush(line->in, TCIFLUSH);
	return true;
}

void line_close(struct line *line)
{
	if (!line_is_stdio(line) && line->in >= 0)
		close(line->in);
	line->in = line->out = -1;
}

void line_discard_output(const struct line *line)
{
	if (line->out >= 0 && !line_is_stdio(line))
		tcflush(line->out, TCOFLUSH);
}
