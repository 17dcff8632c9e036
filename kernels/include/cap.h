/* SPDX-License-Identifier: BSD-2-Clause */
/* cap.h -- what a kernel may need: CAP_*. */
#ifndef CAP_H
#define CAP_H

/* The CPU and the opened target together must have it. */
#define CAP_LIST(X) \
	X(MAP,        "a mapping of the target") \
	X(FD,         "read(2) and write(2) on the target") \
	X(SYNC,       "msync(2) and fsync(2) on the target") \
	X(BLOCK,      "a block device") \
	X(DEVDAX,     "a device-DAX character device") \
	X(DAX,        "a mapping that bypasses the page cache") \
	X(MAP_SYNC,   "mmap with MAP_SYNC") \
	X(DIR,        "a directory to create files in") \
	X(ATOMIC,     "RWF_ATOMIC writes") \
	X(ROOT,       "root") \
	X(CLFLUSH,    "the CLFLUSH instruction") \
	X(CLFLUSHOPT, "the CLFLUSHOPT instruction") \
	X(CLWB,       "the CLWB instruction") \
	X(AVX,        "AVX") \
	X(AVX512,     "AVX-512F") \
	X(MOVDIR64B,  "the MOVDIR64B instruction") \
	X(LIBPMEM,    "libpmem at build time") \
	X(DEEP_FLUSH, "deep_flush of the region of persistent memory") \
	X(CRC32,      "the CRC32 instruction of SSE4.2")
enum cap_bit {
#define X(name, doc) CAP_BIT_##name,
	CAP_LIST(X)
#undef X
	CAP_COUNT
};
enum cap {
#define X(name, doc) CAP_##name = 1 << CAP_BIT_##name,
	CAP_LIST(X)
#undef X
};

#endif
