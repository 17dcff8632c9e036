/* SPDX-License-Identifier: BSD-2-Clause */
/* mark arm|cut -- from a script inside: the model's log begins here, or the machine ends (marks.h). */
#include <stdio.h>
#include <string.h>
#include "marks.h"

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "arm") == 0)
		lab_mark(MARK_ARM, 0);
	else if (argc == 2 && strcmp(argv[1], "cut") == 0)
		lab_mark(MARK_CUT, 0);
	else
		return fprintf(stderr, "usage: mark arm|cut\n"), 2;
	return 0;
}
