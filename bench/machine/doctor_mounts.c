/* SPDX-License-Identifier: BSD-2-Clause */
/* Findings about mount options: no DAX where it could be, no barrier where one must be. */
#include <string.h>
#include "doctor.h"

/* One option of a list with commas. */
static bool
has_option(const char *options, const char *name)
{
	const size_t n = strlen(name);

	for (const char *p = options; (p = strstr(p, name)); p += n)
		if ((p == options || p[-1] == ',') && (p[n] == 0 || p[n] == ','))
			return true;
	return false;
}

static void
on_pmem(struct doctor *d, const struct tuning_mount *m, const char *what, const char *where)
{
	const bool dax = has_option(m->options, "dax") || has_option(m->options, "dax=always");
	const bool never = has_option(m->options, "dax=never"), old = d->t->kernel.major < 6 ||
			   (d->t->kernel.major == 6 && d->t->kernel.minor < 2);

	doctor_why(doctor_find(d, "mount", dax ? SEVERITY_OK : SEVERITY_WARN, what, dax ? "dax" : never ? "dax=never" :
			       "without dax", "dax=always"),
		   never ? "files go through the page cache: no store of ours reaches the memory" :
		   "only files with the DAX attribute are mapped; others go through the page cache",
		   "umount %s && mount -o dax=always %s %s", where, m->source, where);
	if (m->reflink == 1 && old)
		doctor_why(doctor_find(d, "reflink", SEVERITY_WARN, what, "reflink=1", "reflink=0"),
			   "before Linux 6.2 shared files, before 6.0 the whole file system, have no DAX: xfs goes on without",
			   "umount %s && mkfs.xfs -f -m reflink=0 %s   # destroys what is there", where, m->source);
}

void
doctor_mounts(struct doctor *d)
{
	char what[320], where[300];

	for (int k = 0; k < d->t->nmount; k++) {
		const struct tuning_mount *m = &d->t->mount[k];

		snprintf(what, sizeof what, "mount %s", m->target);
		doctor_quoted(where, sizeof where, m->target);
		if (strncmp(m->source, "/dev/pmem", 9) == 0)
			on_pmem(d, m, what, where);
		if (has_option(m->options, "nobarrier") || has_option(m->options, "barrier=0"))
			doctor_why(doctor_find(d, "barrier", SEVERITY_BAD, what, "nobarrier", "barrier"),
				   "fsync and msync leave data in the device's cache: they look fast, and data is lost",
				   "mount -o remount,barrier %s", where);
	}
}
