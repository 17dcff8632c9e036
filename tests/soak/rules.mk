# SPDX-License-Identifier: BSD-2-Clause
# The long forms: 10^4 draws of the simulation, a fleet under Slurm on this machine.
soak: soak-sim soak-slurm

soak-sim: $(B)/unit/compare
	$(Q)SIM_DRAWS=10000 CMOCKA_MESSAGE_OUTPUT=TAP $<

soak-slurm: $(B)/run-bench
	$(Q)scripts/deps soak
	$(Q)tests/soak/slurm $(abspath $<)

.PHONY: soak-sim soak-slurm
