/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nopoint.h -- a plan without points: what left none.
 */
#ifndef NOPOINT_H
#define NOPOINT_H

#include "experiment_open.h"

void nopoint_say(const struct experiment *);

#endif
