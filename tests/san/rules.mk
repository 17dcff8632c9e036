# SPDX-License-Identifier: BSD-2-Clause
# The whole program under a sanitizer: plan, workers, threads, tables, report.  A finding ends
# the process it is in with another exit code, so that the run fails.
export ASAN_OPTIONS := $(ASAN_OPTIONS):exitcode=66:detect_leaks=0
export TSAN_OPTIONS := $(TSAN_OPTIONS):exitcode=66:halt_on_error=1

run-test: $(B)/run-bench
	$(Q)rm -rf $(B)/results && mkdir -p $(B)/results && DAXMARK_DATADIR=. $< -q -o $(B)/results tests/san/all.yaml \
		>$(B)/results/log 2>&1 && echo 'run: 1 passed, 0 failed' || { cat $(B)/results/log; echo 'run: 0 passed, 1 failed'; exit 1; }

.PHONY: run-test
