/* SPDX-License-Identifier: BSD-2-Clause */
/* nopmem.h -- what the kernels of the tree import beside libc, for tests that link all of them and run none
 * of libpmem's.  Defines functions: included once in a program. */
#ifndef NOPMEM_H
#define NOPMEM_H

#include <stddef.h>

void pmem_persist(const void *p, size_t n);
void *pmem_memcpy_persist(void *to, const void *from, size_t n);

void
pmem_persist(const void *p, size_t n)
{
	(void)p, (void)n;
}

void *
pmem_memcpy_persist(void *to, const void *from, size_t n)
{
	(void)from, (void)n;
	return to;
}

#endif
