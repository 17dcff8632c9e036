/* SPDX-License-Identifier: BSD-2-Clause */
/* pdf.h -- the date inside a PDF: that of the run, so that the same run gives the same bytes. */
#ifndef PDF_H
#define PDF_H

/* Overwrite the creation date of the file in the folder; started as in run.json ("2026-11-20T09:15:00Z").
 * 0, also when it has none that can be found (a cairo that compresses it); or -errno. */
int pdf_date(int dirfd, const char *file, const char *started);

#endif
