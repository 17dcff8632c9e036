/* SPDX-License-Identifier: BSD-2-Clause */
#include <signal.h>
#include <unistd.h>
#include "stop.h"

static volatile sig_atomic_t asked, end_code = -1;

static void
on_signal(int sig)
{
	if (++asked < 2)
		return;
	if (end_code >= 0)
		_exit(end_code);
	signal(sig, SIG_DFL);
}

void
stop_catch(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	end_code = -1;
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

int
stop_asked(void)
{
	return asked;
}

void
stop_at_once(int code)
{
	end_code = code;
}
