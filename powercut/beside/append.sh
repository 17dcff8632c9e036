# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# Appends to the file and syncs it, as a log does.
xfs_io -a -c 'pwrite -q 0 4k' -c fsync "$file"
