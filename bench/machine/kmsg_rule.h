/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kmsg_rule.h -- which kind of message it is, by what kernels say.  Pure; for kmsg.c.
 */
#ifndef KMSG_RULE_H
#define KMSG_RULE_H

#include "kmsg.h"

/* The kind; -1: it puts nothing in doubt.  level as syslog(2) has it, 0 the worst. */
int kmsg_rule(int level, const char *text);

/* Cut out who it was about: "stuck for 22s! [python3:1234]" -> "stuck for 22s! [?]". */
void kmsg_hide(char *text);

#endif
