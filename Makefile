# SPDX-License-Identifier: BSD-2-Clause
# daxmark: `make deps demo` runs it, `make deps check` tests it, `make help` lists the rest.
# Nothing here may ask gcc or git while the file is read: in
# `make deps check` the answer exists only once deps has run.

MAKEFLAGS += --no-builtin-rules

B        ?= build
PREFIX   ?= /usr/local
BINDIR   ?= $(PREFIX)/bin
DATADIR  ?= $(PREFIX)/share/daxmark
MANDIR   ?= $(PREFIX)/share/man/man1
INCDIR   ?= $(PREFIX)/include/daxmark
COMPDIR  ?= $(PREFIX)/share/bash-completion/completions
CFLAGS   ?= -O2 -g

# SAN=1: address and undefined behaviour; SAN=thread: data races.
ifeq ($(SAN),thread)
SANFLAGS := -fsanitize=thread
override B := $(B)/tsan
else ifneq ($(SAN),)
SANFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
override B := $(B)/asan
endif
ifneq ($(filter clang%,$(notdir $(CC))),)
override B := $(B)/clang
endif

# The rooms of bench/ in the order of the way of the data (bench/README.md): each is compiled
# with -I of itself and of those before it.  Objects lie flat, so that names stay unique.
ROOMS    := base stats config record cpu target plan events machine worker run analysis compare report cmd
PARTS    := $(ROOMS:%=bench/%)

WARN     := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla
BASE     := -std=gnu11 $(WARN) -D_GNU_SOURCE -MMD -MP $(SANFLAGS)
HERE     := $(CFLAGS) $(BASE) $(CPPFLAGS) -Ikernels/include -I$(B)
ALL      := $(HERE) $(PARTS:%=-I%)
KERN     := $(CFLAGS) $(BASE) $(CPPFLAGS) -Ikernels/include
LIBS     := -lfyaml -ljansson -lhwloc -lnuma -lpfm -lndctl -ldaxctl -lblkid -lmount -lsmartcols \
            -lsqlite3 -lRmath -lpthread -ldl -lm
Q        := $(if $(V),,@)
say       = $(if $(V),,@printf '  %-6s %s\n' $(1) $(2))

BENCH    := $(sort $(wildcard $(PARTS:=/*.c)))
KERNELS  := $(sort $(wildcard kernels/*.c))
LEAN_O   := $(B)/bench/lean.o
BENCH_O  := $(sort $(notdir $(BENCH:.c=.o)))
BENCH_O  := $(filter-out $(LEAN_O),$(BENCH_O:%=$(B)/bench/%))
KERNEL_O := $(KERNELS:%.c=$(B)/%.o)
GEN      := $(B)/kernels.inc $(B)/evidence.inc $(B)/version.inc

# Whoever builds holds $(B)/.lock: `./run-bench`, which is a make too, or `make install` beside
# a make would write the same objects.  On all CPUs, unless -j says otherwise.
LOCKED    = mkdir -p $(B) && flock $(B)/.lock $(MAKE) --no-print-directory $(JOBS)
JOBS      = $(if $(filter -j%,$(MAKEFLAGS)),,-j$$(nproc))

all: | $(DEPS)
	+$(Q)$(LOCKED) linked

linked: $(B)/run-bench $(B)/run-bench-worker $(B)/nvcache.so

# Goals given together, under -j too: first deps, then the build, then what makes objects itself.
DEPS     := $(filter deps,$(MAKECMDGOALS))
FIRST    := $(if $(filter all install bundle demo test check,$(MAKECMDGOALS)),all,$(DEPS))
$(BENCH_O) $(LEAN_O) $(KERNEL_O) $(GEN): | $(FIRST)

# What builds and runs; for goals that test also what tests.
deps:
	@scripts/deps $(if $(filter soak fresh,$(MAKECMDGOALS)),soak,$(if $(filter-out \
		deps all demo install bundle selfbench clean help,$(MAKECMDGOALS)),test,run))

# A source that is gone or has moved: what was made of it is made anew.
bench/%.c bench/%.h kernels/%.c kernels/%.h powercut/%.c powercut/%.h: ;
$(BENCH_O:.o=.d) $(LEAN_O:.o=.d) $(KERNEL_O:.o=.d): ;

# $(call anew,COMMANDS): the target is what they print, and only rewritten when that changes.
anew      = mkdir -p $(@D) && n=$@.$$$$ && { $(1); } > $$n && { cmp -s $$n $@ && rm $$n || mv $$n $@; }

# A source that has come or gone: linked anew.
$(B)/objects: FORCE
	$(Q)$(call anew,printf '%s\n' $(BENCH_O) $(KERNEL_O))

$(B)/run-bench $(B)/bundle/run-bench: $(BENCH_O) $(KERNEL_O) $(B)/objects
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D) && $(CC) $(ALL) -rdynamic -o $@ $(filter %.o,$^) $(LDFLAGS) $(LIBS) \
		$$(test -e /usr/include/libpmem.h && echo -lpmem)

# A worker alone: of everything it takes what that needs, and of the libraries no others.  Whoever
# wants run-bench wants the two to be of one build.
$(B)/run-bench: | $(B)/run-bench-worker
$(B)/run-bench-worker $(B)/bundle/run-bench-worker: $(LEAN_O) $(BENCH_O) $(KERNEL_O) $(B)/objects
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D) && rm -f $@.a && $(AR) rcs $@.a $(filter-out %/main.o $(LEAN_O),$(filter %.o,$^))
	$(Q)$(CC) $(ALL) -rdynamic -o $@ $(LEAN_O) $(KERNEL_O) $@.a $(LDFLAGS) -Wl,--as-needed $(LIBS)

# The wall: what a room does not see it cannot include.
define room
SEEN += -Ibench/$(1)
$(patsubst bench/$(1)/%.c,$(B)/bench/%.o,$(wildcard bench/$(1)/*.c)): SEES := $$(SEEN)
$(patsubst bench/$(1)/%.c,$(B)/bench/%.o,$(wildcard bench/$(1)/*.c)): $$(B)/bench/%.o: bench/$(1)/%.c | $$(GEN)
	$$(call say,CC,$$<)
	$$(Q)mkdir -p $$(@D) && $$(CC) $$(HERE) $$(SEES) -c -o $$@ $$<

endef
SEEN :=
$(foreach r,$(ROOMS),$(eval $(call room,$(r))))

# Kernels see kernels/include and of libc what their strategy is: the include path and the
# list of imports are the wall.  Sanitizers and -O0 make other objects.
IMPORTS  := $(if $(SANFLAGS)$(filter -O0 -Og,$(CFLAGS)),:,scripts/kernel-imports)
$(B)/kernels/%.o: kernels/%.c scripts/kernel-imports
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(KERN) -c -o $@ $<
	$(Q)$(IMPORTS) $@ $< || { rm -f $@; exit 1; }

# The folder is the registry.
$(B)/kernels.inc: FORCE
	$(Q)$(call anew,printf 'KERNEL(%s)\n' $(subst -,_,$(sort $(KERNELS:kernels/%.c=%))))

# What the laboratory has seen (powercut/evidence.py), compiled in: an installed binary has it, too.
ROWS     := sed -nE '/^\#/!{ s/\t([0-9]+)\t([0-9]+)\t([0-9]+)$$/", \1, \2, \3)/; s/\t/", "/g; s/^/ROW("/p }'
$(B)/evidence.inc: powercut/evidence.tsv FORCE
	$(Q)$(call anew,$(ROWS) $<)

# A commit rebuilds two files, not all.
$(B)/version.inc: FORCE
	$(Q)$(call anew, \
	printf '#define VERSION "%s"\n' "$$(git describe --tags --always --dirty 2>/dev/null || echo unknown)"; \
	printf '#define COMPILER "%s"\n' "$$($(CC) --version | head -n 1)"; \
	printf '#define BUILD_FLAGS "%s"\n' '$(subst ",,$(CFLAGS) $(SANFLAGS))'; \
	printf '#define DATADIR "%s"\n' '$(DATADIR)')

demo: all
	$(Q)./run-bench configs/quick.yaml
	@echo "report: results/latest/report.html"

include powercut/rules.mk $(sort $(wildcard tests/*/rules.mk))

# The keys of a config stand in one table in the program: the man page quotes it.
$(B)/run-bench.1: docs/run-bench.1.in $(B)/run-bench
	$(Q)$(B)/run-bench --help-config | sed 's/\\/\\e/g; s/-/\\-/g; s/^\([.'"'"']\)/\\\&\1/' > $@.keys
	$(Q)sed -e '/^@KEYS@$$/{r $@.keys' -e 'd}' \
		-e "s/@VERSION@/$$(git describe --tags --always --dirty 2>/dev/null || echo unknown)/" $< > $@

install: | $(DEPS)
	+$(Q)$(LOCKED) installed

installed: $(B)/run-bench $(B)/run-bench-worker $(B)/run-bench.1
	$(Q)install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR) $(DESTDIR)$(INCDIR) $(DESTDIR)$(COMPDIR) \
		$(DESTDIR)$(DATADIR)/configs/events $(DESTDIR)$(DATADIR)/configs/import $(DESTDIR)$(DATADIR)/plots
	$(Q)install -m 755 $(B)/run-bench $(B)/run-bench-worker $(DESTDIR)$(BINDIR)/
	$(Q)install -m 644 $(B)/run-bench.1 $(DESTDIR)$(MANDIR)/run-bench.1
	$(Q)install -m 644 kernels/include/*.h $(DESTDIR)$(INCDIR)/
	$(Q)install -m 644 configs/*.yaml $(DESTDIR)$(DATADIR)/configs/
	$(Q)install -m 644 configs/events/*.txt $(DESTDIR)$(DATADIR)/configs/events/
	$(Q)install -m 644 configs/import/*.json $(DESTDIR)$(DATADIR)/configs/import/
	$(Q)install -m 644 plots/*.gp plots/*.tsv $(DESTDIR)$(DATADIR)/plots/
	$(Q)install -m 644 scripts/completion.bash $(DESTDIR)$(COMPDIR)/run-bench

# One tarball for hosts where nothing may be installed: the program, its libraries, configs, plots.
# Not RUNPATH, which the libraries of libraries would not be looked for in.
bundle: | $(DEPS)
	+$(Q)$(LOCKED) bundled

$(B)/bundle/run-bench $(B)/bundle/run-bench-worker: LDFLAGS += -Wl,--disable-new-dtags,-rpath,'$$ORIGIN/../lib'

bundled: $(B)/bundle/run-bench $(B)/bundle/run-bench-worker
	$(Q)rm -rf $(B)/bundle/root && $(MAKE) -s installed DESTDIR=$(B)/bundle/root
	$(Q)scripts/bundle $< $(B)/bundle/root$(PREFIX) $(B)/bundle

# Suites of tests/run: the fast ones, the largest first, then the long forms.  What holds times
# against each other (bats files with the tag `alone`), and the virtual machines, are given a
# quiet machine.
CLI        = $(shell ls -S tests/cli/*.bats)
tagged     = $(shell grep -l '^\# bats .*$(1)' $(CLI))
CLI_ALONE  = $(call tagged,file_tags=alone)
CLI_SLOW   = $(call tagged,_tags=slow)
CLI_FAST   = $(filter-out $(call tagged,file_tags=slow),$(CLI))
fast       = $(foreach f,$(1),$(f:tests/cli/%.bats=cli-%)='bats --tap --print-output-on-failure --filter-tags !slow $(f)')
slow       = $(foreach f,$(1),$(f:tests/cli/%.bats=slow-%)='bats --tap --print-output-on-failure --filter-tags slow $(f)')
FAST       = $(call fast,$(filter-out $(CLI_ALONE),$(CLI_FAST))) \
	unit='$(MAKE) -s unit-test' shadow='$(MAKE) -s shadow-test' asm='$(MAKE) -s asm-test' \
	style='tests/style' oot='$(MAKE) -s oot-test' lab='$(MAKE) -s decode-test btt-pmdk-test replay-test verdicts-test'
SLOW       = asan='$(MAKE) -s SAN=1 unit-test shadow-test run-test' tsan='$(MAKE) -s SAN=thread run-test' \
	clang='$(MAKE) -s CC=clang CFLAGS="-O2 -Werror" unit-test shadow-test asm-test' \
	gcc='$(MAKE) -s B=build/gcc CFLAGS="-O2 -Werror" warnings' \
	$(call slow,$(filter-out $(CLI_ALONE),$(CLI_SLOW)))
QUIET      = $(call slow,$(filter $(CLI_ALONE),$(CLI_SLOW))) selfbench='$(MAKE) -s selfbench-test' vm='$(MAKE) -s vmcheck' model='$(MAKE) -s cases-test' powercut='$(MAKE) -s powercut-test'

# Built first, so that suites side by side do not build the same thing.
test check: all
	+$(Q)$(MAKE) -s $(JOBS) tested
	@tests/run $(FAST) $(if $(filter check,$@),$(SLOW)) then $(call fast,$(CLI_ALONE)) \
		$(if $(filter check,$@),$(QUIET))

warnings: $(BENCH_O) $(KERNEL_O)
	@echo 'warnings: 1 passed, 0 failed'

# make fresh SUITE=bookworm|trixie [WHAT='deps demo']: the README's commands on a machine that has
# nothing.
SUITE    ?= bookworm
fresh:
	$(Q)scripts/fresh $(SUITE) $(if $(WHAT),'$(WHAT)')

clean:
	$(Q)rm -rf $(B)

help:
	@echo 'make deps demo     install what it needs, run configs/quick.yaml, say where the report lies'
	@echo 'make deps check    install what the tests need too, run every test'
	@echo 'make [all]         build;  V=1 shows commands, SAN=1|thread sanitizes, CC=clang works'
	@echo 'make test          the fast tests, two minutes on two cores;  make soak: the long forms'
	@echo 'make fresh         SUITE=bookworm|trixie: the first two on a machine that has nothing'
	@echo 'make powercut      CUTS=, KERNEL=, CONFIG=: cut the power of a virtual machine that writes, look for what it acknowledged'
	@echo 'make selfbench     what the harness costs beside a bare loop, and where a repeat spends its time'
	@echo 'make agree         latency mode held against an independent program;  ROUNDS=6 CELLS=2M-cold-back'
	@echo 'make seconds       how long one point takes, from the command to the report'
	@echo 'make noise         what is measured beside neighbours on the CPUs, over the quiet values'
	@echo 'make bundle        a tarball that runs where nothing may be installed'
	@echo 'make install       DESTDIR=, PREFIX=$(PREFIX)'

-include $(BENCH_O:.o=.d) $(LEAN_O:.o=.d) $(KERNEL_O:.o=.d)
.PHONY: all linked tested deps demo check test soak selfbench install installed bundle bundled clean help warnings fresh FORCE
FORCE:
