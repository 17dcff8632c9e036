# SPDX-License-Identifier: BSD-2-Clause
# A unit test tests/unit/NAME.c links only what its first `// links:` line names:
# were a pure module to grow a dependency, its test would not link.
UNIT := $(sort $(wildcard tests/unit/*.c))
UNIT_BIN := $(UNIT:tests/unit/%.c=$(B)/unit/%)

$(B)/unit/%: tests/unit/%.c $(BENCH_O) $(KERNEL_O)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(ALL) -MF $@.d -o $@ $< \
		$$(sed -n '1s,^// links:,,p' $< | sed 's,[a-z0-9_]*\.o,$(B)/bench/&,g') -lcmocka $(LDFLAGS)

-include $(UNIT_BIN:=.d)

unit-test: $(UNIT_BIN)
	$(Q)rc=0; for t in $^; do CMOCKA_MESSAGE_OUTPUT=TAP $$t || rc=1; done; exit $$rc

.PHONY: unit-test
