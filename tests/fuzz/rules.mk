# SPDX-License-Identifier: BSD-2-Clause
# `make fuzz-config` looks for a config that crashes, hangs or is not read back as written
# (needs clang).  Seeds are the golden configs; what it finds lies in build/fuzz/config.
FUZZ_SECONDS ?= 20
FUZZ_CONFIG  := arena text utf8 diag yaml keys keyval config config_use load_target load_bench load_rule resolve \
                plan point plan_check schedule durability filter durable medium
FUZZ_CFLAGS  := -O1 -g -std=gnu11 $(WARN) -D_GNU_SOURCE -fsanitize=fuzzer,address,undefined \
                -fno-sanitize-recover=undefined $(PARTS:%=-I%) -Ikernels/include

$(B)/fuzz/config-fuzz: tests/fuzz/config.c tests/unit/fake.h $(foreach f,$(FUZZ_CONFIG),$(wildcard bench/*/$(f).c)) $(wildcard bench/*/*.h) | $(DEPS)
	$(call say,FUZZ,$@)
	$(Q)mkdir -p $(@D) && clang $(FUZZ_CFLAGS) -o $@ $(filter %.c,$^) -lfyaml -ljansson

fuzz-config: $(B)/fuzz/config-fuzz
	$(Q)mkdir -p $(B)/fuzz/config && cp -n tests/golden/config/*.yaml tests/fuzz/config-seeds/*.yaml $(wildcard configs/*.yaml) $(B)/fuzz/config/
	$(Q)$< -dict=tests/fuzz/config.dict -max_len=2000 -timeout=5 -max_total_time=$(FUZZ_SECONDS) \
		-artifact_prefix=$(B)/fuzz/ -print_final_stats=1 -verbosity=0 $(B)/fuzz/config

# The same for tables that are read back (resume, report, compare) and for --filter.
FUZZ_csv    := csv
FUZZ_filter := filter text diag utf8 arena
FUZZ_btt    := bttimage

$(B)/fuzz/csv-fuzz $(B)/fuzz/filter-fuzz $(B)/fuzz/btt-fuzz: $(B)/fuzz/%-fuzz: tests/fuzz/%.c $(wildcard bench/*/*.h) | $(DEPS)
	$(call say,FUZZ,$@)
	$(Q)mkdir -p $(@D) && clang $(FUZZ_CFLAGS) -o $@ $< $(foreach f,$(FUZZ_$*),$(wildcard bench/*/$(f).c))

fuzz-csv fuzz-filter fuzz-btt: fuzz-%: $(B)/fuzz/%-fuzz
	$(Q)mkdir -p $(B)/fuzz/$* && cp -n tests/fuzz/$*-seeds/* $(B)/fuzz/$*/ 2>/dev/null || :
	$(Q)$< -max_len=1000 -timeout=5 -max_total_time=$(FUZZ_SECONDS) \
		-artifact_prefix=$(B)/fuzz/ -print_final_stats=1 -verbosity=0 $(B)/fuzz/$*

soak: soak-fuzz-config
soak-fuzz-config:
	$(Q)$(MAKE) --no-print-directory fuzz-config FUZZ_SECONDS=600
	$(Q)$(MAKE) --no-print-directory fuzz-csv fuzz-filter fuzz-btt FUZZ_SECONDS=120

.PHONY: fuzz-config fuzz-csv fuzz-filter fuzz-btt soak-fuzz-config
