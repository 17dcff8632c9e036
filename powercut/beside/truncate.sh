# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# Makes the file longer and as long as it was: what was written of it stays.
size=$(stat -c %s "$file")
xfs_io -c "truncate $((size + 65536))" -c "truncate $size" "$file"
