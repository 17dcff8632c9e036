/* SPDX-License-Identifier: BSD-2-Clause */
/* case.h -- put before every unit test: CASE=NAME in the environment runs the case of that name
 * (* and ? match) and passes over the others. */
#ifndef CASE_H
#define CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

__attribute__((constructor)) static void
choose_case(void)
{
	const char *name = getenv("CASE");

	if (name && *name)
		cmocka_set_test_filter(name);
}

#endif
