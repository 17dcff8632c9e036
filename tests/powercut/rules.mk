# SPDX-License-Identifier: BSD-2-Clause
# The laboratory's decoder against the disassembler: every form, and some objects full of code.
$(B)/powercut/decode-test: tests/powercut/decode.c powercut/decode.c | $(DEPS)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) -std=gnu11 $(WARN) -D_GNU_SOURCE -Ipowercut -Ibench/base -MMD -MF $@.d -o $@ $(filter %.c,$^)

$(B)/powercut/forms.o: tests/powercut/forms.S | $(DEPS)
	$(Q)mkdir -p $(@D) && $(CC) -c -o $@ $<

decode-test: $(B)/powercut/decode-test $(B)/powercut/forms.o $(B)/run-bench
	$(Q)for o in $(B)/powercut/forms.o $(B)/run-bench $$(ldconfig -p | awk '/libc\.so\.6 .*x86-64/ { print $$NF }'); do \
		echo "# $$o"; objdump -d --insn-width=16 $$o | $< || exit 1; done

# A BTT that libpmemblk wrote, read here.
$(B)/powercut/btt-pmdk: tests/powercut/btt-pmdk.c bench/target/bttimage.c | $(DEPS)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) -std=gnu11 $(WARN) -D_GNU_SOURCE $(SANFLAGS) -Ibench/target -Ikernels/include \
		-MMD -MF $@.d -o $@ $(filter %.c,$^) -lpmemblk

btt-pmdk-test: $(B)/powercut/btt-pmdk
	$(Q)PMEM_IS_PMEM_FORCE=1 $<

# What scripts/powercut makes of what it found; then the power cut in earnest, of more or less time.
verdicts-test: $(B)/run-bench
	$(Q)tests/powercut/verdicts.py && tests/powercut/remote

# Those of each kind that differ from one another; `make soak` has all.
CHECKED  := [ex](0[0-5]|12|15|17|18|d[1-4]|n[04])|en[135]|x2[02]|virtio|btt.*|raw
powercut-test: all
	$(Q)mkdir -p $(B)/powercut && tests/powercut/cuts $(B)/powercut/results 'powercut:$(CHECKED)=20'

-include $(B)/powercut/decode-test.d $(B)/powercut/btt-pmdk.d
# Logs that are made here, and what is said of them.
replay-test: $(B)/replay
	$(Q)tests/powercut/replay.py $<

.PHONY: decode-test btt-pmdk-test replay-test verdicts-test powercut-test
