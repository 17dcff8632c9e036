// links: grid.o wrap.o -lsmartcols -lutil
/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables on a pseudo terminal of some width, and into a pipe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <pty.h>
#include <unistd.h>
#include "grid.h"

static char text[16384];

static struct grid *
example(void)
{
	struct grid *g = grid_new();

	grid_column(g, "N", GRID_RIGHT);
	grid_column(g, "NAME", 0);
	grid_column(g, "SHORT", GRID_WRAP);
	grid_column(g, "WHY", GRID_WRAP);
	grid_row(g, (const char *[]){ "1", "one", "a b", "" });
	grid_row(g, (const char *[]){ "12", "a-rather-long-name", "",
				      "nine words that no terminal of sixty columns has room for" });
	return g;
}

static void
take(int fd)
{
	size_t n = 0;
	ssize_t got;

	while (n + 1 < sizeof text && (got = read(fd, text + n, sizeof text - 1 - n)) > 0)
		n += (size_t)got;
	text[n] = 0;
}

/* What a terminal of so many columns shows. */
static void
on_terminal(struct grid *g, unsigned short columns)
{
	struct winsize w = { .ws_row = 25, .ws_col = columns };
	int master, slave;
	FILE *f;

	assert_int_equal(openpty(&master, &slave, NULL, NULL, &w), 0);
	f = fdopen(slave, "w");
	assert_int_equal(grid_print(g, f), 0);
	fclose(f);
	take(master);
	close(master);
}

static size_t
widest(void)
{
	size_t most = 0;

	for (const char *p = text; *p; p += strcspn(p, "\r\n") + strspn(p + strcspn(p, "\r\n"), "\r\n"))
		if (strcspn(p, "\r\n") > most)
			most = strcspn(p, "\r\n");
	return most;
}

static void
fits(void **state)
{
	(void)state;
	for (unsigned short columns = 60; columns <= 100; columns += 10) {
		on_terminal(example(), columns);
		assert_true(widest() <= columns);
		assert_non_null(strstr(text, "N NAME "));
	}
	on_terminal(example(), 60);
	assert_non_null(strstr(text, "12 a-rather-long-name       nine words that no terminal of\r\n"));
	on_terminal(example(), 200);
	assert_non_null(strstr(text, "columns has room for\r\n"));
}

static void
a_row_is_a_line(void **state)
{
	int fd[2];
	FILE *f;

	(void)state;
	assert_int_equal(pipe(fd), 0);
	f = fdopen(fd[1], "w");
	assert_int_equal(grid_print(example(), f), 0);
	fclose(f);
	take(fd[0]);
	close(fd[0]);
	assert_non_null(strstr(text, "12 a-rather-long-name       nine words that no terminal of sixty columns has room for\n"));
}

/* Wider than any terminal whatever is broken: still every word is there. */
static void
cramped(void **state)
{
	char name[32];
	struct grid *g = grid_new();
	const char *cell[12];

	(void)state;
	for (int c = 0; c < 12; c++) {
		snprintf(name, sizeof name, "COLUMN-%d", c);
		grid_column(g, c == 3 ? "" : name, c % 2 ? GRID_WRAP : 0);
		cell[c] = c == 5 ? "" : "some words here";
	}
	grid_row(g, cell);
	on_terminal(g, 60);
	assert_non_null(strstr(text, "COLUMN-11"));
	grid_free(example());
	assert_int_not_equal(grid_print(NULL, stdout), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fits), cmocka_unit_test(a_row_is_a_line), cmocka_unit_test(cramped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
