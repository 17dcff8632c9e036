# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# Copies the file and has the kernel share the blocks that are the same still.
cp "$file" "$dir/copy"
xfs_io -c "dedupe $file 0 0 64k" -c "dedupe $file 64k 64k 64k" -c "dedupe $file 128k 128k 64k" \
	-c "dedupe $file 192k 192k 64k" "$dir/copy"
