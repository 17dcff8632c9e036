# SPDX-License-Identifier: BSD-2-Clause
# Every kernel once more, against the modelled machine, then seeded bugs that it
# must find; and the disassembly of the real objects, with its own.
SHADOW     := $(B)/shadow
SHADOW_C   := machine wrap case check cut shadow registry
SHADOW_O   := $(SHADOW_C:%=$(SHADOW)/%.o)
SHADOW_K   := $(KERNELS:kernels/%.c=$(SHADOW)/kernels/%.o)
SHADOW_CC   = $(CC) $(CFLAGS) $(BASE) $(CPPFLAGS) -Itests/shadow -Ikernels/include -I$(B)
SHADOW_LD  := $(foreach f,msync fsync fdatasync pwrite pwritev2 pread openat close \
	pmem_persist pmem_memcpy_persist,-Wl,--wrap=$(f))

# Sanitizers and -O0 make other objects: nothing to see there.
ASM_SKIP   := $(SANFLAGS)$(filter -O0 -Og,$(CFLAGS))

$(SHADOW_K): $(SHADOW)/kernels/%.o: kernels/%.c | $(DEPS)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D) && $(SHADOW_CC) -include tests/shadow/isa.h -c -o $@ $<

$(SHADOW_O): $(SHADOW)/%.o: tests/shadow/%.c | $(DEPS)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(SHADOW_CC) -c -o $@ $<

$(SHADOW)/registry.o: $(B)/kernels.inc

$(SHADOW)/shadow: $(SHADOW_O) $(SHADOW_K)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(BASE) -o $@ $^ $(LDFLAGS) $(SHADOW_LD)

tested: $(SHADOW)/shadow

shadow-test: $(SHADOW)/shadow
	$(Q){ $< || :; CC='$(CC)' LDFLAGS='$(LDFLAGS) $(SANFLAGS)' \
		tests/shadow/mutants shadow $(SHADOW)/mutants $(SHADOW) || :; } | tests/shadow/tally shadow 2

asm-test: $(KERNEL_O)
ifeq ($(ASM_SKIP),)
	$(Q){ tests/shadow/asm $(B)/kernels kernels || :; CC='$(CC)' \
		tests/shadow/mutants asm $(B)/asm-mutants $(SHADOW) || :; } | tests/shadow/tally asm 2
else
	@echo 'asm: 0 passed, 0 failed, 1 skipped (built with $(ASM_SKIP))'
endif

# The example of docs/adding-a-kernel.md, and any other kernel: make try-kernel K=FILE.c
OOT        := $(B)/oot
TRY         = CC='$(CC)' CFLAGS='$(CFLAGS) $(SANFLAGS)' LDFLAGS='$(LDFLAGS)' tests/shadow/try
oot-test: $(SHADOW_O)
	$(Q)mkdir -p $(OOT) && awk '/^```/ { on = $$0 == "```c"; next } on' docs/adding-a-kernel.md \
		> $(OOT)/clwb-backwards.c
	$(Q){ $(TRY) $(OOT)/clwb-backwards.c $(OOT) $(SHADOW) || :; } | tests/shadow/tally oot 1

try-kernel: $(SHADOW_O)
	$(Q){ $(TRY) '$(K)' $(B)/try $(SHADOW) || :; } | tests/shadow/tally try 1

-include $(SHADOW_O:.o=.d) $(SHADOW_K:.o=.d)
.PHONY: shadow-test asm-test oot-test try-kernel
