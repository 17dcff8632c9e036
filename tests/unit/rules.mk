# SPDX-License-Identifier: BSD-2-Clause
# A unit test tests/unit/NAME.c links only what its first `// links:` line names, and is linked
# anew when one of those changes: were a pure module to grow a dependency, its test would not link.
# @kernels: all of them.
#   make unit-test [T=NAME...] [C=CASE]      all, or one; of it one case (* and ? match)
UNIT     := $(patsubst tests/unit/%.c,%,$(sort $(wildcard tests/unit/*.c)))
UNIT_BIN := $(UNIT:%=$(B)/unit/%)
# NAME:WORD for each word of each such line.
LINKS    := $(shell awk 'FNR == 1 { name = FILENAME; gsub(/.*\/|\.c$$/, "", name); \
              for (i = 3; i <= NF; i++) print name ":" $$i }' tests/unit/*.c)

define unit
$(B)/unit/$(1): $(patsubst %,$(B)/bench/%,$(filter %.o,$(2))) $(if $(filter @kernels,$(2)),$(KERNEL_O))
$(B)/unit/$(1): LINKED := $(filter-out %.o @kernels,$(2))
endef
$(foreach t,$(UNIT),$(eval $(call unit,$(t),$(patsubst $(t):%,%,$(filter $(t):%,$(LINKS))))))

$(UNIT_BIN): %: %.o
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(SANFLAGS) -o $@ $(filter %.o,$^) $(LINKED) -lcmocka $(LDFLAGS)

# What is tested is built as it runs; the test itself need not be fast.
$(UNIT_BIN:=.o): $(B)/unit/%.o: tests/unit/%.c tests/unit/rules.mk | $(GEN)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(ALL) -O1 -include tests/unit/case.h -c -o $@ $<

-include $(UNIT_BIN:=.d)

tested: $(UNIT_BIN)

unit-test: $(if $(T),$(T:%=$(B)/unit/%),$(UNIT_BIN))
	$(Q)rc=0; for t in $^; do CMOCKA_MESSAGE_OUTPUT=TAP CASE='$(C)' $$t || rc=1; done \
		$(if $(C),>$(B)/unit/case.tap; cat $(B)/unit/case.tap; \
		grep -q '^\(not \)\?ok' $(B)/unit/case.tap || { echo 'no case is called $(C)'; rc=1; }); exit $$rc

.PHONY: unit-test
