/* SPDX-License-Identifier: BSD-2-Clause */
/* does.h -- how a kernel makes bytes durable: DOES_*. */
#ifndef DOES_H
#define DOES_H

/* The input of the durability rule (bench/plan/durability.h). */
enum does {
	DOES_NOTHING       = 0,		/* no step towards durability */
	DOES_USER_FLUSH    = 1 << 0,	/* stores, then cache-line write-back and a fence */
	DOES_NT            = 1 << 1,	/* stores that bypass the cache, and a fence */
	DOES_KERNEL_SYNC   = 1 << 2,	/* stores, then msync or fsync of the mapping */
	DOES_FD_SYNC       = 1 << 3,	/* write(2) made durable by flag or f(data)sync */
	DOES_ATOMIC_SECTOR = 1 << 4,	/* O_DIRECT sectors, atomic where the device says so; mapped:
					 * all old, all new, or known to be torn */
	DOES_ATOMIC_WRITE  = 1 << 5,	/* RWF_ATOMIC */
	DOES_NAME_SYNC     = 1 << 6,	/* kernels with .files: fsync of the directory as well */
};

#endif
