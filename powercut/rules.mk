# SPDX-License-Identifier: BSD-2-Clause
# The plugin for QEMU (see nvcache.c): it needs nothing but a compiler.
$(B)/nvcache.so: powercut/nvcache.c powercut/decode.c | $(DEPS)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) -std=gnu11 $(WARN) -D_GNU_SOURCE -Ibench/base -fPIC -shared -fvisibility=hidden \
		-MMD -MF $@.d -o $@ $(filter %.c,$^)

-include $(B)/nvcache.so.d

# The questions about persistency, as instructions.
$(B)/cases: powercut/cases.c bench/base/marks.h | $(DEPS)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) -std=gnu11 $(WARN) -D_GNU_SOURCE -Ibench/base -static -o $@ $<

# Asked of the model; and of one whose fences commit nothing, which must notice.
cases-test: $(B)/cases $(B)/nvcache.so
	$(Q)mkdir -p $(B)/powercut && powercut/cases.py
	$(Q)powercut/cases.py --forget all >$(B)/powercut/forgetful; grep -q '^not ok .*clwb-sfence' $(B)/powercut/forgetful && \
		echo 'forgetful: 1 passed, 0 failed' || echo 'forgetful: 0 passed, 1 failed'

.PHONY: cases-test
