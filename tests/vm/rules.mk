# SPDX-License-Identifier: BSD-2-Clause
# `make vmcheck` runs tests/vm in virtual machines (scripts/vm), `make vmcheck KERNEL=6.12` on
# the other kernel.  `make vm-golden` makes the golden table anew, from both.

# What tests/vm/counters.sh takes into the virtual machine.
VM_COUNTERS   := build/tests/counters
VM_COUNTERS_O := $(patsubst %,$(B)/bench/%.o,counters event eventwhy kevent pfm uncore sysfs text why)

$(VM_COUNTERS): tests/vm/counters.c $(VM_COUNTERS_O) | $(DEPS)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D) && $(CC) $(ALL) -MF $@.d -o $@ $< $(VM_COUNTERS_O) $(LDFLAGS) -lpfm

-include $(VM_COUNTERS).d

vmcheck: all $(VM_COUNTERS)
	$(Q)$(if $(KERNEL),KERNEL='$(KERNEL)') tests/vm/run

VM_KERNELS := 6.1 6.12
vm-golden: all
	$(Q)rm -rf $(B)/vm-golden && for k in $(VM_KERNELS); do \
		mkdir -p $(B)/vm-golden/$$k && sed -n 's/^# vm: //p' tests/vm/matrix.sh | KERNEL=$$k xargs sh -c \
			'exec scripts/vm run "$$@" -f tests/golden/vm-matrix.csv \
			-o $(B)/vm-golden/'$$k' sh tests/vm/guest tests/vm/matrix.sh' vm | sed -n '/^not ok/p'; done
	$(Q)awk -f tests/vm/merge.awk $(VM_KERNELS:%=$(B)/vm-golden/%/table) > $(B)/vm-golden/new
	$(Q)mv $(B)/vm-golden/new tests/golden/vm-matrix.csv

.PHONY: vmcheck vm-golden
