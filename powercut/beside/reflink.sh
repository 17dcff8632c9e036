# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# Shares the file's blocks, as a snapshot does; where that cannot be, copies it.
xfs_io -f -c "reflink $file" "$dir/clone" >/dev/null 2>&1 || cp "$file" "$dir/copy"
