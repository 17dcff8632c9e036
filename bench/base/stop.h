/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stop.h -- Ctrl-C and SIGTERM, counted: whoever waits looks here.
 */
#ifndef STOP_H
#define STOP_H

/* From here on both are counted; behind the second they are as if nobody counted. */
void stop_catch(void);
int  stop_asked(void);			/* how many there were */
/* From here on all is on disk that a program must leave: the second ends it at once with this exit
 * code. */
void stop_at_once(int code);

#endif
