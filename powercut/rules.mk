# SPDX-License-Identifier: BSD-2-Clause
# The plugin for QEMU (see nvcache.c): it needs nothing but a compiler.
LAB_H    := $(wildcard powercut/*.h) $(addprefix bench/,base/marks.h base/rng.h analysis/acks.h target/bttimage.h worker/stamp.h)
$(B)/nvcache.so: powercut/nvcache.c powercut/guest.c powercut/decode.c $(LAB_H) | $(DEPS)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) -std=gnu11 $(WARN) -D_GNU_SOURCE -Ibench/base -fPIC -shared -fvisibility=hidden \
		-o $@ $(filter %.c,$^)

# The questions about persistency, as instructions.
$(B)/cases: powercut/cases.c bench/base/marks.h | $(DEPS)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) -std=gnu11 $(WARN) -D_GNU_SOURCE -Ibench/base -static -o $@ $<

# What an audit's log says.
REPLAY_O := $(addprefix $(B)/bench/,acks.o bttimage.o stamp.o why.o)
$(B)/replay: powercut/replay.c powercut/log.c $(REPLAY_O) $(LAB_H) | $(DEPS)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) -std=gnu11 $(WARN) -D_GNU_SOURCE $(SANFLAGS) -Ipowercut -Ibench/base -Ibench/analysis \
		-Ibench/target -Ibench/worker -Ikernels/include -o $@ $(filter %.c %.o,$^)

# Kernels that break their word, for --kernel-path: what the laboratory has to find.
LIARS    := $(patsubst powercut/kernels/%.c,$(B)/powercut/kernels/%.so,$(wildcard powercut/kernels/*.c))
$(LIARS): $(B)/powercut/kernels/%.so: powercut/kernels/%.c | $(DEPS)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) -std=gnu11 $(WARN) -D_GNU_SOURCE -Ikernels/include -fPIC -shared -MMD -MF $(B)/$(*F).so.d -o $@ $<

linked: $(LIARS)

-include $(LIARS:$(B)/powercut/kernels/%.so=$(B)/%.so.d)

# Asked of the model; and of one whose fences commit nothing, which must notice.
cases-test: $(B)/cases $(B)/nvcache.so
	$(Q)mkdir -p $(B)/powercut && powercut/cases.py
	$(Q)powercut/cases.py --forget all >$(B)/powercut/forgetful; grep -q '^not ok .*clwb-sfence' $(B)/powercut/forgetful && \
		echo 'forgetful: 1 passed, 0 failed' || echo 'forgetful: 0 passed, 1 failed'

# make powercut [CUTS=20] [KERNEL=6.1|6.12|BZIMAGE[,MODULES]] [CONFIG=configs/powercut.yaml]
CUTS      ?= 20
powercut: all
	$(Q)scripts/powercut --cuts $(CUTS) $(if $(KERNEL),--kernel $(KERNEL)) $(CONFIG)

.PHONY: cases-test powercut
