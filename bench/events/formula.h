/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * formula.h -- arithmetic over names: + - * / ( ) and numbers.  Knows no events.
 */
#ifndef FORMULA_H
#define FORMULA_H

#include <stddef.h>

/* The value of a name of n bytes: 0, or -ENOENT unknown, -ENODATA without a value. */
typedef int formula_name(const char *name, size_t n, double *value, void *arg);

/* 0; -EINVAL not a formula, -ENOENT a name is unknown, then *at is where;
 * -ENODATA a name without a value or a division by zero. */
int formula_eval(const char *text, formula_name *, void *arg, double *result, const char **at);

#endif
