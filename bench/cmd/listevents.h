/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * listevents.h -- `run-bench list events`: what can be counted on this machine, and why the rest cannot.
 */
#ifndef LISTEVENTS_H
#define LISTEVENTS_H

#include <stdio.h>

/* Tables, or with json {"events": [...], "sets": [...]}; the sets are those of
 * data_dir()/configs/events.  0 or -errno. */
int list_events(FILE *, int json);

#endif
