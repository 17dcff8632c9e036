/* SPDX-License-Identifier: BSD-2-Clause */
/* DSP0134, System Management BIOS: records of a type, a length, and strings by number. */
#include <stdio.h>
#include <string.h>
#include "dmi.h"

#define HEADER 4

enum { TYPE_BIOS = 0, TYPE_MEMORY_DEVICE = 17, TYPE_END = 127 };

int
dmi_next(const uint8_t *table, size_t len, size_t *at, struct dmi_record *r)
{
	size_t end;

	if (*at > len || len - *at < HEADER)
		return 0;
	r->type = table[*at];
	r->data = table + *at;
	r->len = r->data[1];
	if (r->len < HEADER || r->len > len - *at || r->type == TYPE_END)
		return 0;
	/* Strings end with an empty one; where there are none, two zeros stand. */
	end = *at + r->len;
	r->text = (const char *)table + end;
	while (end + 1 < len && (table[end] || table[end + 1]))
		end++;
	if (end + 1 >= len)
		return 0;
	r->textlen = (size_t)((const char *)table + end + 1 - r->text);
	*at = end + 2;
	return 1;
}

static unsigned
number(const struct dmi_record *r, size_t at, size_t bytes)
{
	unsigned v = 0;

	if (at + bytes > r->len)
		return 0;
	for (size_t k = bytes; k-- > 0;)
		v = v << 8 | r->data[at + k];
	return v;
}

/* The string whose number stands at `at`: printable ASCII, trimmed; "" when there is none. */
static void
string(const struct dmi_record *r, size_t at, char *buf, size_t len)
{
	unsigned n = number(r, at, 1);
	const char *p = r->text, *end = r->text + r->textlen;
	size_t k = 0;

	buf[0] = 0;
	if (n == 0)
		return;
	while (--n && p < end)
		p += strnlen(p, (size_t)(end - p)) + 1;
	while (p < end && *p == ' ')
		p++;
	for (; p < end && *p && k + 1 < len; p++)
		buf[k++] = *p >= ' ' && *p <= '~' ? *p : '?';
	while (k && buf[k - 1] == ' ')
		k--;
	buf[k] = 0;
}

int
dmi_bios(const struct dmi_record *r, struct dmi_bios *b)
{
	if (r->type != TYPE_BIOS)
		return 0;
	string(r, 0x04, b->vendor, sizeof b->vendor);
	string(r, 0x05, b->version, sizeof b->version);
	string(r, 0x08, b->date, sizeof b->date);
	return 1;
}

static uint64_t
size_of(const struct dmi_record *r)
{
	const unsigned size = number(r, 0x0c, 2);

	if (size == 0 || size == 0xffff)
		return 0;
	if (size == 0x7fff)
		return (uint64_t)(number(r, 0x1c, 4) & 0x7fffffff) << 20;
	return (uint64_t)(size & 0x7fff) << (size & 0x8000 ? 10 : 20);
}

static uint32_t
speed_of(const struct dmi_record *r, size_t at, size_t wide)
{
	const unsigned speed = number(r, at, 2);

	return speed == 0xffff ? number(r, wide, 4) & 0x7fffffff : speed;
}

static const char *
type_name(unsigned type)
{
	switch (type) {
	case 0x18: return "DDR3";
	case 0x1a: return "DDR4";
	case 0x1e: return "LPDDR4";
	case 0x1f: return "non-volatile";
	case 0x20: return "HBM";
	case 0x21: return "HBM2";
	case 0x22: return "DDR5";
	case 0x23: return "LPDDR5";
	case 0x24: return "HBM3";
	default: return "";
	}
}

static const char *
technology_name(unsigned technology)
{
	static const char *const name[] = { "", "", "", "DRAM", "NVDIMM-N", "NVDIMM-F", "NVDIMM-P", "Optane" };

	return technology < sizeof name / sizeof *name ? name[technology] : "";
}

int
dmi_dimm(const struct dmi_record *r, struct dmi_dimm *d)
{
	if (r->type != TYPE_MEMORY_DEVICE)
		return 0;
	string(r, 0x10, d->slot, sizeof d->slot);
	string(r, 0x11, d->bank, sizeof d->bank);
	string(r, 0x17, d->maker, sizeof d->maker);
	string(r, 0x18, d->serial, sizeof d->serial);
	string(r, 0x1a, d->part, sizeof d->part);
	d->type = type_name(number(r, 0x12, 1));
	d->technology = technology_name(number(r, 0x28, 1));
	d->bytes = size_of(r);
	d->speed = speed_of(r, 0x15, 0x54);
	d->configured = speed_of(r, 0x20, 0x58);
	return 1;
}
