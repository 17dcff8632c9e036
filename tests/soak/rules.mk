# SPDX-License-Identifier: BSD-2-Clause
# The long forms: 10^4 draws of the simulation, known answers measured, a fleet under Slurm on this
# machine, the first commands of the README on fresh systems.
soak: soak-sim soak-kills soak-truth soak-slurm soak-fresh soak-bundle soak-powercut noise

soak-sim: $(B)/unit/compare
	$(Q)SIM_DRAWS=10000 CMOCKA_MESSAGE_OUTPUT=TAP $<

# 300 of them, of runs and of resumes.
soak-kills: $(B)/run-bench
	$(Q)KILLS=300 bats --tap -f 'kill -9 at random' tests/cli/resume.bats

# On a quiet machine; some four minutes.
soak-truth: $(B)/run-bench
	$(Q)tests/soak/truth $<

# The busy table, on a machine that is quiet apart from the neighbours it starts; an hour, or RUNS=3
# CELLS='clwb-loop-2 store-gzip-1'.
noise: $(B)/run-bench $(B)/bare
	$(Q)tests/soak/noise $^ $(or $(RUNS),10) $(CELLS)

soak-slurm: bundle
	$(Q)scripts/deps soak
	$(Q)tests/soak/slurm "$$(readlink -f $(B)/bundle/daxmark-*/bin/run-bench)"

# One after the other: each fills a root of its own.
soak-fresh:
	$(Q)scripts/deps soak
	$(Q)$(MAKE) --no-print-directory fresh SUITE=bookworm
	$(Q)$(MAKE) --no-print-directory fresh SUITE=trixie

soak-bundle: bundle
	$(Q)scripts/deps soak
	$(Q)tests/soak/bundle $(B)/bundle/*.tar.gz bookworm trixie

# Every class, with everything beside it, on both kernels.
soak-powercut: CUTS = 1000
soak-powercut: all
	$(Q)for k in 6.1 6.12; do KERNEL=$$k tests/powercut/cuts $(B)/powercut/results \
		powercut=$(CUTS) powercut-beside=$(CUTS) powercut-torn=$(CUTS) || exit 1; done

.PHONY: noise soak-sim soak-kills soak-truth soak-slurm soak-fresh soak-bundle soak-powercut
