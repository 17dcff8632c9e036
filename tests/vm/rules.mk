# SPDX-License-Identifier: BSD-2-Clause
# `make vmcheck` runs tests/vm in virtual machines (scripts/vm), `make vmcheck KERNEL=6.12` on
# the other kernel.  `make vm-golden` makes the golden table anew, from both.

# What tests/vm/counters.sh takes into the virtual machine.
VM_COUNTERS   := build/tests/counters

# (Of the archive it takes what it needs.)
$(VM_COUNTERS): tests/vm/counters.c $(BENCH_O) | $(DEPS)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D) && rm -f $@.a && $(AR) rcs $@.a $(filter-out %/main.o,$(BENCH_O))
	$(Q)$(CC) $(ALL) -MF $@.d -o $@ $< $@.a $(LDFLAGS) $(LIBS)

-include $(VM_COUNTERS).d

vmcheck: all $(VM_COUNTERS)
	$(Q)$(if $(KERNEL),KERNEL='$(KERNEL)') tests/vm/run

VM_KERNELS := 6.1 6.12
# Whatever fails there, or is skipped, stops it: a table of that must not become what is right.
vm-golden: all
	$(Q)rm -rf $(B)/vm-golden && for k in $(VM_KERNELS); do \
		KERNEL=$$k OUT=$(B)/vm-golden/$$k tests/vm/run tests/vm/matrix.sh > $(B)/vm-golden.log || \
			{ grep -v '^ok' $(B)/vm-golden.log; exit 1; }; \
		! grep '# SKIP' $(B)/vm-golden.log && ! grep ',"\?fail:' $(B)/vm-golden/$$k/table || exit 1; done
	$(Q)awk -f tests/vm/merge.awk $(VM_KERNELS:%=$(B)/vm-golden/%/table) > $(B)/vm-golden/new
	$(Q)diff -u tests/golden/vm-matrix.csv $(B)/vm-golden/new || mv $(B)/vm-golden/new tests/golden/vm-matrix.csv

.PHONY: vmcheck vm-golden
