# SPDX-License-Identifier: GPL-3.0-or-later
# make run      set up what is missing, build, study the announcement in seeds/
# make test     set up what is missing, build, run every test
# make help     every other target

# ---- yours to set ----
PREFIX   ?= /usr/local
DESTDIR  ?=
BUILD    ?= build
OUT      ?= out
CC       ?= gcc
CFLAGS   ?= -O3 -g
DEPS     ?= yes
MPI      ?= 0
MPICC    ?= mpicc
JOBS     ?= $(shell nproc 2>/dev/null || echo 2)

# ---- what it is made of ----
VERSION  := 0.1.0
ROOMS    := base market news stats correlate report
PKGS     := libcurl jansson gsl libxml-2.0 zlib
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wno-psabi
HARDEN   := -fstack-protector-strong -fPIC -D_FORTIFY_SOURCE=2
FLAGS     = -std=c11 -D_XOPEN_SOURCE=700 -Iinclude -fopenmp -ffp-contract=off -fno-math-errno -fno-trapping-math \
            -DABN_VERSION='"$(VERSION)"' $(WARN) $(HARDEN) $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
DEST      = $(DESTDIR)$(PREFIX)
# libcurl is loaded by what fetches.
LINKED   := $(filter-out libcurl,$(PKGS))
LIBS      = $(shell pkg-config --libs $(LINKED) 2>/dev/null) -lm -ldl
# MPI=1: several processes on one study. What the compiler needs is what MPICH's or Open MPI's own adds.
ifeq ($(MPI),1)
MPI_FLAGS = -DABN_MPI $(patsubst -I%,-isystem %,$(filter -I% -D% -pthread,$(shell $(MPICC) -show)))
MPI_LIBS  = $(filter -L% -l% -pthread,$(shell $(MPICC) -show))
LIBS     += $(MPI_LIBS)
endif
LDHARDEN := -Wl,-z,relro,-z,now
# OpenMP decides how its threads wait before main() begins; only where it is part of the command does it ask the command.
OPENMP    = $(firstword $(wildcard $(shell $(CC) -print-file-name=libgomp.a)) -fopenmp) -pthread
SO       := libabnorm.so.0
LIB_SRC  := $(foreach r,$(ROOMS),$(wildcard src/$(r)/*.c))
CLI_SRC  := $(wildcard src/cli/*.c)
LIB_OBJ  := $(LIB_SRC:src/%.c=$(BUILD)/%.o)
CLI_OBJ  := $(CLI_SRC:src/%.c=$(BUILD)/%.o)
UNIT     := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/*.c))
CASES    := $(wildcard tests/cli/*.sh)
CHECKS   := $(wildcard tests/checks/*.sh)

.DELETE_ON_ERROR:
.PHONY: all run test deps sanitize fuzz fuzzers bench benches install deb test-page chaos load coverage clean help format units

all: $(BUILD)/abnorm $(BUILD)/$(SO)

$(BUILD)/libabnorm.a: $(LIB_OBJ)
	rm -f $@ && ar rcs $@ $^

$(BUILD)/$(SO): $(LIB_OBJ)
	$(CC) $(CFLAGS) -fopenmp -shared -Wl,-soname,$(SO) -o $@ $^ $(LDHARDEN) $(LDFLAGS) $(LIBS)

$(BUILD)/abnorm: $(CLI_OBJ) $(BUILD)/libabnorm.a
	$(CC) $(CFLAGS) -o $@ $^ $(LDHARDEN) $(LDFLAGS) $(LIBS) $(OPENMP)

# The same with OpenMP's library apart, whose own calls can be told from the command's.
$(BUILD)/apart/abnorm: $(BUILD)/abnorm
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fopenmp -o $@ $(CLI_OBJ) $(BUILD)/libabnorm.a $(LDHARDEN) $(LDFLAGS) $(LIBS)

$(BUILD)/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(FLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/libabnorm.a Makefile
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -Isrc $(CFLAGS) -MMD -MP -o $@ $< $(BUILD)/libabnorm.a $(LDFLAGS) -lcmocka $(LIBS)

# One file sees MPI; it is made again when that changes.
$(BUILD)/correlate/ranks.o: $(BUILD)/mpi.$(MPI)
$(BUILD)/correlate/ranks.o: FLAGS += $(MPI_FLAGS)

$(BUILD)/mpi.$(MPI):
	@mkdir -p $(@D)
	@[ "$(MPI)" != 1 ] || DEPS=$(DEPS) MPI=1 sh tests/tools/deps.sh build
	@rm -f $(BUILD)/mpi.* && touch $@

-include $(LIB_OBJ:.o=.d) $(CLI_OBJ:.o=.d) $(UNIT:=.d)

deps:
	@DEPS=$(DEPS) sh tests/tools/deps.sh build

run: deps
	@$(MAKE) --no-print-directory -j$(JOBS) all
	$(BUILD)/abnorm run seeds/study.json -o $(OUT)

test: deps
	@$(MAKE) --no-print-directory -j$(JOBS) all units
	@BUILD=$(BUILD) prove -j$(JOBS) -e tests/tools/harness $(UNIT) $(CASES) $(CHECKS)

units: $(UNIT)

sanitize:
	$(MAKE) test BUILD=$(BUILD)/sanitize \
	    CFLAGS="-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -U_FORTIFY_SOURCE"

# Each tests/bench/NAME.sh, with the programs beside it.
BENCH := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(wildcard tests/bench/*.c))
$(BUILD)/bench/%: tests/bench/%.c $(BUILD)/libabnorm.a Makefile
	@mkdir -p $(@D)
	$(CC) $(FLAGS) $(CFLAGS) -MMD -MP -o $@ $< $(BUILD)/libabnorm.a $(LDFLAGS) $(LIBS)
benches: $(BENCH)
bench: deps
	@$(MAKE) --no-print-directory -j$(JOBS) all benches
	@for b in tests/bench/*.sh; do echo "== $$b" && BUILD=$(BUILD) sh $$b || exit 1; done

# The report in headless Chromium; sets up what it needs itself.
test-page: all
	sh tests/page/run.sh $(BUILD)

# Each target for FUZZ_SEC seconds; FUZZ_ONLY names some. What it finds is kept in build/fuzz/found.
FUZZ_SEC  ?= 10
FUZZ_ONLY ?=
FUZZ_CC   ?= clang
FUZZ      := $(BUILD)/fuzz
FUZZERS   := $(patsubst tests/fuzz/%.c,$(FUZZ)/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_OBJ  := $(LIB_SRC:src/%.c=$(FUZZ)/%.o)
FUZZ_FLAGS = $(filter-out -fopenmp,$(FLAGS)) -Isrc -Itests/fuzz/serial -Wno-unknown-pragmas -Wno-unused-variable -U_FORTIFY_SOURCE \
             -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all

fuzz:
	@DEPS=$(DEPS) sh tests/tools/deps.sh fuzz
	@$(MAKE) --no-print-directory -j$(JOBS) fuzzers
	sh tests/fuzz/run.sh $(FUZZ) $(FUZZ_SEC) $(FUZZ_ONLY)

fuzzers: $(FUZZERS)

$(FUZZ)/libabnorm.a: $(FUZZ_OBJ)
	rm -f $@ && ar rcs $@ $^

$(FUZZ)/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/fuzz.c tests/fuzz/fuzz.h $(FUZZ)/libabnorm.a Makefile
	$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@ $< tests/fuzz/fuzz.c $(FUZZ)/libabnorm.a $(LIBS)

$(FUZZ)/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<

-include $(FUZZ_OBJ:.o=.d)

# Every n-th call of each kind fails through a run and an extraction; STEP=50 tries every 50th.
STEP ?= 1
chaos: $(BUILD)/apart/abnorm
	bash tests/chaos/run.sh $(BUILD)/apart $(STEP)

# 100,000 texts and 20 million rows of quotes: time, memory, progress, and how soon ^C ends each command.
load: all benches
	sh tests/load/run.sh $(BUILD)

# Lines and branches of the library that the tests run, and the files that they run least of.
coverage:
	$(MAKE) test BUILD=$(BUILD)/coverage CFLAGS="-O1 -g --coverage -fprofile-update=atomic" || true
	sh tests/tools/coverage.sh $(BUILD)/coverage

format:
	clang-format -i $(wildcard include/abnorm/*.h src/*/*.c src/*/*.h tests/*/*.c tests/*/*.h)

install: all
	install -d $(DEST)/bin $(DEST)/lib/pkgconfig $(DEST)/include/abnorm $(DEST)/share/abnorm \
	    $(DEST)/share/man/man1 $(DEST)/share/bash-completion/completions \
	    $(DEST)/share/zsh/site-functions $(DEST)/share/fish/vendor_completions.d
	install -m 755 $(BUILD)/abnorm $(DEST)/bin/abnorm
	install -m 644 $(BUILD)/libabnorm.a $(DEST)/lib/libabnorm.a
	install -m 755 $(BUILD)/$(SO) $(DEST)/lib/$(SO)
	ln -sf $(SO) $(DEST)/lib/libabnorm.so
	install -m 644 include/abnorm/*.h $(DEST)/include/abnorm/
	cp -R data/. $(DEST)/share/abnorm/
	printf 'prefix=%s\nName: abnorm\nDescription: event studies from quotes and news\nVersion: %s\n' \
	    '$(PREFIX)' '$(VERSION)' >$(DEST)/lib/pkgconfig/abnorm.pc
	printf 'Requires.private: %s\nLibs: -L$${prefix}/lib -labnorm\nLibs.private: -fopenmp -lm -ldl%s\nCflags: -I$${prefix}/include\n' \
	    '$(LINKED)' '$(MPI_LIBS:%= %)' >>$(DEST)/lib/pkgconfig/abnorm.pc
	$(BUILD)/abnorm help --as man >$(DEST)/share/man/man1/abnorm.1
	$(BUILD)/abnorm help --as bash >$(DEST)/share/bash-completion/completions/abnorm
	$(BUILD)/abnorm help --as zsh >$(DEST)/share/zsh/site-functions/_abnorm
	$(BUILD)/abnorm help --as fish >$(DEST)/share/fish/vendor_completions.d/abnorm.fish

# A package depends on those that the libraries come from which the command itself asks for, or loads.
PACKAGE ?= $(BUILD)/deb
ARCH     = $(shell dpkg --print-architecture)
DEPENDS  = $(shell { for so in $$(readelf -d $(BUILD)/abnorm | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do \
               ldd $(BUILD)/abnorm | awk -v so="$$so" '$$1 == so {print $$3}'; done; $(CC) -print-file-name=libcurl.so.4; } | \
               while read file; do real=$$(readlink -f "$$file"); \
               dpkg -S "$$real" "$$(echo "$$real" | sed 's|^/usr||')" 2>/dev/null | sed -n '1s/:.*//p'; done | sort -u | paste -sd, | sed 's/,/, /g')

deb: all
	rm -rf $(PACKAGE)
	$(MAKE) --no-print-directory install DESTDIR=$(abspath $(PACKAGE)) PREFIX=/usr
	mkdir -p $(PACKAGE)/DEBIAN
	printf '%s\n' 'Package: abnorm' 'Version: $(VERSION)' 'Architecture: $(ARCH)' 'Maintainer: abnorm' 'Section: science' \
	    'Priority: optional' "Installed-Size: $$(du -sk $(PACKAGE)/usr | cut -f1)" 'Depends: $(DEPENDS)' 'Recommends: gnuplot-nox' \
	    'Description: event studies from quotes and news' >$(PACKAGE)/DEBIAN/control
	dpkg-deb --root-owner-group --build $(PACKAGE) $(dir $(PACKAGE))abnorm_$(VERSION)_$(ARCH).deb

clean:
	rm -rf $(BUILD)

help:
	@sed -n '2,4p' Makefile | sed 's/^# //'
	@echo 'make          build $(BUILD)/abnorm'
	@echo 'make MPI=1    the same for several processes under mpirun'
	@echo 'make sanitize every test under ASan and UBSan'
	@echo 'make test-page  the report in a browser'
	@echo 'make fuzz     FUZZ_SEC=$(FUZZ_SEC) a target: libFuzzer on everything that reads'
	@echo 'make chaos    every n-th call fails, STEP=50 takes every 50th'
	@echo 'make load     100,000 texts, 20 million rows: time, memory, ^C'
	@echo 'make coverage lines and branches that the tests run'
	@echo 'make bench    what loading and studying take'
	@echo 'make deb      a Debian package in $(BUILD)'
	@echo 'make install  PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)'
	@echo 'make format   clang-format everything'
	@echo 'make clean    remove $(BUILD)'
