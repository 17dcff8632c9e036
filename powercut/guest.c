/* SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "guest.h"
#include "qemu-plugin.h"

enum { AREAS_MAX = 32 };

struct area guest_area[AREAS_MAX];
unsigned guest_areas;
static unsigned dimms;

static struct qemu_plugin_register *reg[GUEST_REGISTERS];

void
guest_die(const char *what, const char *of)
{
	fprintf(stderr, "nvcache: %s: %s: %m\n", of, what);
	_exit(125);
}

uint64_t
guest_register(unsigned r)
{
	static __thread struct g_byte_array *buf;
	uint64_t v = 0;

	if (!buf)
		buf = g_byte_array_new();
	g_byte_array_set_size(buf, 0);
	qemu_plugin_read_register(reg[r], buf);
	memcpy(&v, buf->data, buf->len < sizeof v ? buf->len : sizeof v);
	return v;
}

void
guest_find_registers(uint64_t id, unsigned vcpu)
{
	static const char *const name[GUEST_REGISTERS] = {
		"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
		"cr3", "cr4", "fs_base", "gs_base",
	};
	struct g_array *a = qemu_plugin_get_registers();
	const struct qemu_plugin_reg_descriptor *d = (const void *)a->data;

	(void)id, (void)vcpu;
	for (unsigned k = 0; k < a->len; k++)
		for (unsigned i = 0; i < GUEST_REGISTERS; i++)
			if (strcmp(d[k].name, name[i]) == 0)
				reg[i] = d[k].handle;
	g_array_free(a, 1);
	for (unsigned i = 0; i < GUEST_REGISTERS; i++)
		if (!reg[i])
			guest_die("QEMU does not tell it", name[i]);
}

static struct area *
area_of(uint64_t pa)
{
	for (struct area *v = guest_area; v < guest_area + guest_areas; v++)
		if (pa - v->gpa < v->size)
			return v;
	return NULL;
}

struct area *
guest_dimm(uint64_t pa)
{
	struct area *v = area_of(pa);

	return v && v->durable_path ? v : NULL;
}

/* As the CPU walks its page tables, of four levels or five. */
uint64_t
guest_walk(uint64_t va)
{
	const uint64_t address = 0x000ffffffffff000;
	uint64_t table = guest_register(GUEST_CR3) & address;

	for (int level = guest_register(GUEST_CR4) >> 12 & 1 ? 4 : 3; level >= 0; level--) {
		const int shift = 12 + 9 * level;
		const uint64_t at = table + (va >> shift & 511) * 8, within = (1ull << shift) - 1;
		const struct area *v = area_of(at);
		uint64_t entry;

		if (!v)
			return GUEST_NOWHERE;
		entry = *(const volatile uint64_t *)(v->live + (at - v->gpa));
		if (!(entry & 1))
			return GUEST_NOWHERE;
		if (level == 0 || (level <= 2 && entry & 0x80))
			return (entry & address & ~within) | (va & within);
		table = entry & address;
	}
	return GUEST_NOWHERE;
}

/* A copy that has its holes where the original has them. */
void
guest_copy_file(const char *from, const char *to)
{
	const int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	struct stat st;
	off_t at = 0, end;

	if (in < 0 || out < 0 || fstat(in, &st) < 0 || ftruncate(out, st.st_size) < 0)
		guest_die("cannot copy to it", to);
	while ((at = lseek(in, at, SEEK_DATA)) >= 0) {
		end = lseek(in, at, SEEK_HOLE);
		while (at < end) {
			off_t o = at;
			const ssize_t n = copy_file_range(in, &at, out, &o, (size_t)(end - at), 0);

			if (n <= 0)
				guest_die("cannot copy to it", to);
		}
	}
	close(in);
	close(out);
}

uint8_t *
guest_map_file(const char *path, uint64_t size, int prot, off_t at)
{
	const int fd = open(path, (prot & PROT_WRITE ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	uint8_t *p = fd < 0 ? MAP_FAILED : mmap(NULL, size, prot, MAP_SHARED, fd, at);

	if (p == MAP_FAILED)
		guest_die("cannot map it", path);
	close(fd);
	return p;
}

/* FILE:GPA:SIZE and for a DIMM :DURABLE, for memory perhaps :OFFSET of the file. */
bool
guest_add_area(char *text, bool is_dimm)
{
	char *at = NULL, *path = strtok_r(text, ":", &at), *gpa = strtok_r(NULL, ":", &at);
	char *size = strtok_r(NULL, ":", &at), *more = strtok_r(NULL, ":", &at);
	struct area *a = &guest_area[guest_areas];

	if (guest_areas == AREAS_MAX || !path || !gpa || !size || (is_dimm && !more))
		return false;
	*a = (struct area){ strtoull(gpa, NULL, 0), strtoull(size, NULL, 0), .live_path = path,
			    .durable_path = is_dimm ? more : NULL, .number = is_dimm ? dimms++ : 0 };
	a->live = guest_map_file(path, a->size, PROT_READ, is_dimm || !more ? 0 : (off_t)strtoull(more, NULL, 0));
	guest_areas++;
	return true;
}
