# SPDX-License-Identifier: GPL-2.0-only
#
# vmnet: a virtual network switch in the kernel, with DHCP. `make help`.
# (The kernel's build reads Kbuild, not this file.)

PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
LIBEXECDIR ?= $(PREFIX)/libexec
MANDIR ?= $(PREFIX)/share/man
COMPLETIONDIR ?= $(PREFIX)/share/bash-completion/completions
# Distributions' packages set it to /usr/lib/systemd/system.
UNITDIR ?= /etc/systemd/system

UNAME_R := $(shell uname -r)

# Headers: the running kernel's, else the newest installed, else those that
# the set-up keeps for the test machine. With VMNET_SERIES only these, and the compiler
# that belongs to them.
ifndef KDIR
ifneq ($(filter-out 6.1,$(VMNET_SERIES)),)
IN_FOLDER = selftests/vm/in-folder $(CURDIR) \
	$(shell . selftests/setup/common.sh && vmnet_cache)/kernel --
else
KDIR := $(firstword \
	$(wildcard /lib/modules/$(UNAME_R)/build) \
	$(shell ls -d /lib/modules/*/build/ 2>/dev/null | sort -rV))
endif
KDIR := $(or $(KDIR),$(shell . selftests/setup/common.sh && vmnet_kernel_headers 2>/dev/null))
endif
# (Not include/config/kernel.release, which Debian's headers have wrong.)
KRELEASE = $(shell sed -n 's/^.define UTS_RELEASE "\(.*\)"/\1/p' \
	$(KDIR)/include/generated/utsrelease.h 2>/dev/null)
MODDIR = $(DESTDIR)/lib/modules/$(KRELEASE)/updates

VM := selftests/vm/run
KBUILD = $(IN_FOLDER) $(MAKE) --no-print-directory -C $(KDIR) M=$(CURDIR)
# Root builds in other people's checkouts; git would refuse to look at those.
unexport GIT_DIR

all: module tools

module: need-kdir
	@$(KBUILD) modules

tools:
	@$(MAKE) --no-print-directory -C tools/vmnetctl
	@$(MAKE) --no-print-directory -C tools/vmnet-helper

need-kdir:
	@if [ ! -e "$(KDIR)/Makefile" ]; then \
		echo "There are no kernel headers$(if $(KDIR), at $(KDIR))."; \
		echo "On Debian: apt-get install linux-headers-amd64, or name yours with KDIR=;"; \
		echo "for the test machine alone: make setup."; \
		exit 1; \
	fi >&2

# Nothing is built here: `make` as a user, `sudo make install` as root.
install: need-kdir
	@if [ ! -e kmod/vmnet.ko ] || [ ! -e tools/vmnetctl/vmnetctl ]; then \
		echo "Not built yet: run make first." >&2; exit 1; fi
	@# What was built is installed for the kernel it was built for.
	@built=$$(modinfo -F vermagic kmod/vmnet.ko | cut -d' ' -f1); \
	if [ "$$built" != "$(KRELEASE)" ]; then \
		echo "kmod/vmnet.ko is for $$built, not for $(KRELEASE): run make again." >&2; \
		exit 1; \
	fi
	install -d $(MODDIR) $(DESTDIR)$(SBINDIR) $(DESTDIR)$(LIBEXECDIR)
	install -m 644 kmod/vmnet.ko $(MODDIR)/vmnet.ko
	@# Not of a kernel without the tap library.
	@if [ -e kmod/vmnet_tap.ko ]; then \
		install -m 644 kmod/vmnet_tap.ko $(MODDIR)/vmnet_tap.ko; fi
	install -m 755 tools/vmnet-helper/vmnet-helper $(DESTDIR)$(LIBEXECDIR)/vmnet-helper
	install -m 755 tools/vmnetctl/vmnetctl $(DESTDIR)$(SBINDIR)/vmnetctl
	@if [ -e tools/man/vmnetctl.8 ]; then \
		install -d $(DESTDIR)$(MANDIR)/man8 && \
		install -m 644 tools/man/*.8 $(DESTDIR)$(MANDIR)/man8/; fi
	@if [ -e tools/completion/vmnetctl ]; then \
		install -d $(DESTDIR)$(COMPLETIONDIR) && \
		install -m 644 tools/completion/vmnetctl $(DESTDIR)$(COMPLETIONDIR)/vmnetctl; fi
	@# systemd wants to know where the command is.
	@if [ -e tools/systemd/vmnet.service ]; then \
		install -d $(DESTDIR)$(UNITDIR) && \
		sed 's#^ExecStart=vmnetctl#ExecStart=$(SBINDIR)/vmnetctl#' \
			tools/systemd/vmnet.service >$(DESTDIR)$(UNITDIR)/vmnet.service && \
		chmod 644 $(DESTDIR)$(UNITDIR)/vmnet.service; fi
ifeq ($(DESTDIR),)
	depmod $(KRELEASE)
endif
	@if [ "$(KRELEASE)" != "$(UNAME_R)" ]; then \
		echo "Installed for kernel $(KRELEASE); the running one is $(UNAME_R)," \
			"where modprobe will not find it."; fi
	@$(call say_vmware)

# Theirs has the same name and lies in misc/; updates/ comes first.
say_vmware = for ko in $(DESTDIR)/lib/modules/*/misc/vmnet.ko; do \
		if [ -e "$$ko" ]; then \
			echo "VMware's module vmnet is installed too ($$ko): the two have one name," \
				"so only one can be loaded, and modprobe vmnet now takes this one."; \
			break; \
		fi; \
	done

uninstall:
	rm -f $(DESTDIR)$(SBINDIR)/vmnetctl $(DESTDIR)$(LIBEXECDIR)/vmnet-helper \
		$(DESTDIR)$(MANDIR)/man8/vmnetctl.8 \
		$(DESTDIR)$(COMPLETIONDIR)/vmnetctl $(DESTDIR)$(UNITDIR)/vmnet.service
	@for ko in $(DESTDIR)/lib/modules/*/updates/vmnet.ko; do \
		[ -e "$$ko" ] || continue; \
		echo "rm -f $$ko"; rm -f "$$ko" "$${ko%/*}/vmnet_tap.ko"; \
		if [ -z "$(DESTDIR)" ]; then \
			depmod "$$(basename "$$(dirname "$$(dirname "$$ko")")")"; fi; \
	done

clean:
	@if [ -e "$(KDIR)/Makefile" ]; then $(KBUILD) clean; fi
	@if [ -e tools/vmnetctl/Makefile ]; then \
		$(MAKE) --no-print-directory -C tools/vmnetctl clean; \
		$(MAKE) --no-print-directory -C tools/vmnet-helper clean; fi
	rm -rf build

# --- in the test machine -----------------------------------------------------------

setup:
	@selftests/setup/setup

check: setup
	@selftests/vm/check $(T)

check-debug: setup
	@selftests/vm/build-debug-kernel
	@selftests/vm/check --debug $(T)

# On a kernel that looks for data races.
check-kcsan: setup
	@VMNET_JUDGE=kcsan selftests/vm/build-debug-kernel
	@VMNET_JUDGE=kcsan selftests/vm/check --debug $(T)

# Virtual machines in the test machine, with all that takes them long (GUEST_MB=).
check-vm: setup
	@selftests/vm/check --long $(T)

demo: setup
	@$(VM) --quiet --timeout 300 -- selftests/demo.sh

shell: setup
	@$(VM) --quiet --shell -- selftests/vm/shell

# Costs where an instruction is a nanosecond; then, with two CPUs and a clock, what
# needs these. T=frames, T=tap, T="vmnet bridge": these sections, or peers.
BENCH := $(or $(T),frames xdp flood table scale sockets tap taptcp guests clock)
BENCH_RUN := $(filter-out tap taptcp guests clock,$(BENCH))
bench: setup
	@selftests/setup/setup --bench || echo "bench: goes on without Open vSwitch and plots" >&2
	@mkdir -p build/bench
	@rm -f build/bench/*.json
ifneq ($(BENCH_RUN),)
	@$(VM) --quiet --icount --mem 4096 --timeout 7200 --out build/bench -- \
		env BENCH_NAME=icount selftests/bench/run $(BENCH_RUN)
endif
ifneq ($(filter tap,$(BENCH)),)
	@$(VM) --quiet --icount --timeout 1200 --out build/bench -- selftests/bench/tap.sh
endif
ifneq ($(filter taptcp,$(BENCH)),)
	@$(VM) --quiet --icount --timeout 1200 --out build/bench -- selftests/bench/taptcp.sh
endif
ifneq ($(filter guests,$(BENCH)),)
	@$(VM) --quiet --icount --timeout 5400 --out build/bench -- selftests/bench/guests.sh
endif
ifneq ($(filter clock,$(BENCH)),)
	@$(VM) --quiet --mem 4096 --timeout 7200 --out build/bench -- \
		env BENCH_NAME=clock selftests/bench/run table scale cpus churn
endif
	@selftests/bench/plot build/bench

# What it finds is kept for the next run.
FUZZ_RUNS ?= 10000000
fuzz: setup
	@$(MAKE) -s --no-print-directory -C selftests all
	@FUZZ_RUNS=$(FUZZ_RUNS) FUZZ_CORPUS=$(CURDIR)/build/fuzz/corpus \
		nice -n 19 selftests/fuzz/fuzz.sh

# Costs on one CPU where an instruction is a nanosecond, then rates with two. The
# slabs of leases are to be told from others.
bench-dhcp:
	@selftests/setup/setup --servers
	@mkdir -p build/bench
	@$(VM) --quiet --icount --append slab_nomerge --timeout 3600 --out build/bench -- \
		selftests/bench/dhcp.sh cost
	@$(VM) --quiet --timeout 1800 --out build/bench -- selftests/bench/dhcp.sh rate

deb:
	@selftests/setup/setup --deb
	@selftests/deb/build

# Installed and taken away again beside this machine's own root file system.
check-deb: deb
	@selftests/deb/check

# T=STEP: these.
lint:
	@selftests/setup/setup $(if $(filter checkpatch,$(or $(T),checkpatch)),--lint)
	@selftests/lint/lint $(T)

# --- for those who change the ABI --------------------------------------------------

regen:
	@Documentation/netlink/regen

help:
	@echo 'Build and install'
	@echo '  make               kmod/vmnet.ko, kmod/vmnet_tap.ko and tools/vmnetctl/vmnetctl'
	@echo '                     (KDIR=headers of another kernel; now: $(or $(KDIR),none))'
	@echo '  make install       these, man page and completion (DESTDIR=, PREFIX=$(PREFIX))'
	@echo '  make uninstall     takes them away'
	@echo '  make clean         takes away what was built'
	@echo '  make deb           Debian packages vmnet-dkms and vmnetctl, in build/deb'
	@echo 'In a virtual machine; needs no module support here. VMNET_SERIES=6.12: on that kernel'
	@echo '  make setup         gets what the following need (root, first time only)'
	@echo '  make demo          shows what vmnet does, in two minutes'
	@echo '  make check         all tests; T=name, T="one two": these'
	@echo '  make check-debug   the same on a kernel with KASAN, lockdep, leak detection'
	@echo '  make check-kcsan   the same on a kernel that looks for data races'
	@echo '  make check-vm      virtual machines again, for as long as they need'
	@echo '  make shell         a prompt in the machine, the module loaded'
	@echo '  make bench         what vmnet costs, and what else there is; T=SECTION or PEER'
	@echo '  make bench-dhcp    what DHCP costs here, with dnsmasq, Kea and ISC dhcpd'
	@echo 'For developers'
	@echo '  make check-deb     installs the packages, lets dkms build, takes them away (root)'
	@echo '  make fuzz          ten million broken messages to the DHCP parser (FUZZ_RUNS=)'
	@echo '  make lint          compiler warnings, sparse, checkpatch, shellcheck, man pages;'
	@echo '                     T=STEP: this; VMNET_SERIES=newest T=compiler: builds on the newest'
	@echo '  make regen         netlink code from Documentation/netlink/specs/vmnet.yaml'

.PHONY: all module tools need-kdir install uninstall clean setup check check-debug check-kcsan check-vm \
	demo shell bench bench-dhcp fuzz deb check-deb lint regen help
