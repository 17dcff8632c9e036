/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nopoint.h -- points that are not there: what left none, and what a filter asks for in vain.
 */
#ifndef NOPOINT_H
#define NOPOINT_H

#include "experiment_open.h"

void nopoint_say(const struct experiment *);
/* Each value that the filter names and no point of the config has, on standard error. */
void nopoint_warn(const struct experiment *);

#endif
