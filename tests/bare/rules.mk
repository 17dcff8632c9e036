# SPDX-License-Identifier: BSD-2-Clause
# What the harness costs: run-bench held beside the bare loops (tests/bare/selfbench.c).
ALONE  := tests/bare/bare.c tests/bare/stamped.c
SELF_O := $(patsubst tests/bare/%.c,$(B)/selfbench.d/%.o,$(filter-out $(ALONE),$(wildcard tests/bare/*.c)))

$(ALONE:tests/bare/%.c=$(B)/%): $(B)/%: tests/bare/%.c | $(DEPS)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) $(BASE) $(CPPFLAGS) -MF $@.d -o $@ $< $(LDFLAGS)

$(SELF_O): $(B)/selfbench.d/%.o: tests/bare/%.c $(GEN) | $(DEPS)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(ALL) -c -o $@ $<

# It plans and makes jobs as run-bench does; of the archive it takes what that needs.
$(B)/selfbench: $(SELF_O) $(BENCH_O) $(KERNEL_O)
	$(call say,LD,$@)
	$(Q)rm -f $(B)/selfbench.d/bench.a && $(AR) rcs $(B)/selfbench.d/bench.a $(filter-out %/main.o,$(BENCH_O))
	$(Q)$(CC) $(ALL) -o $@ $(SELF_O) $(B)/selfbench.d/bench.a $(KERNEL_O) $(B)/selfbench.d/bench.a \
		$(LDFLAGS) $(LIBS) $$(test -e /usr/include/libpmem.h && echo -lpmem)

selfbench: $(B)/selfbench $(B)/bare $(B)/run-bench-worker
	$(Q)$(B)/selfbench tests/bare/selfbench.yaml

# Latency mode beside another program that stamps ops; some two minutes of a quiet machine.
agree: $(B)/run-bench $(B)/run-bench-worker $(B)/stamped
	$(Q)tests/bare/agree $(B)/run-bench $(B)/stamped $(ROUNDS) $(CELLS)

# How long one point takes from the command to the report.
seconds: $(B)/run-bench $(B)/run-bench-worker $(B)/bare
	$(Q)tests/bare/seconds $(B)/run-bench $(B)/bare

# Two rows with short windows: is it there, in its format, and sane?  TAP.
selfbench-test: $(B)/selfbench $(B)/bare $(B)/run-bench-worker
	$(Q)tests/bare/quick $(B)/selfbench tests/bare/selfbench.yaml

-include $(B)/bare.d $(B)/stamped.d $(SELF_O:.o=.d)
.PHONY: agree seconds selfbench-test
