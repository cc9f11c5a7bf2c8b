# SPDX-License-Identifier: MIT
# The whole build, without recursion. Nothing is written outside build/; modes never share objects. `make help`.

MODE ?= release
VERSION := $(shell cat VERSION)
B := build/$(MODE)
GEN := $(B)/gen

# --- what belongs to whoever builds -------------------------------------------------------------------------------
PREFIX ?= /usr/local
bindir ?= $(PREFIX)/bin
libdir ?= $(PREFIX)/lib
includedir ?= $(PREFIX)/include
mandir ?= $(PREFIX)/share/man
INSTALL ?= install
BISON ?= bison
FLEX ?= flex
PKG_CONFIG ?= pkg-config
MODES := release debug asan gcstress cover fuzz
ifeq ($(filter $(MODE),$(MODES)),)
$(error MODE=$(MODE) is none of: $(MODES))
endif
ifeq ($(origin CC),default)
CC := $(if $(filter fuzz,$(MODE)),clang,gcc)
endif
ifeq ($(origin CXX),default)
CXX := $(if $(filter fuzz,$(MODE)),clang++,g++)
endif
ifeq ($(origin AR),default)
AR := $(if $(shell command -v gcc-ar),gcc-ar,ar)
endif

OBJCOPY ?= objcopy

# --- flags of the project -----------------------------------------------------------------------------------------
# libgc and a sanitizer together lose live objects without a word, so those modes use the region heap.
HEAP ?= $(if $(filter asan fuzz,$(MODE)),region,gc)

# -Wswitch (in -Wall) names the kinds that a switch without default forgets; -Wswitch-enum would forbid default as well.
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wundef -Wvla -Wformat=2 -Wcast-qual -Wwrite-strings -Wimplicit-fallthrough \
        -Wconversion -Werror
WARN_C = $(WARN) -Wstrict-prototypes -Wmissing-prototypes
# In C++ -Wshadow objects to a struct and a function of one name, which C headers have.
WARN_CXX = $(filter-out -Wshadow,$(WARN))
# Under a sanitizer's rewriting this warning sees paths that do not exist.
ifeq ($(MODE),release)
WARN_C += -Wnull-dereference
endif
# What bison and flex write is theirs.
WARN_GEN := -Wall -Wextra -Wno-sign-compare -Wno-unused-function -Wno-unused-parameter -Wno-unused-variable \
            -Wno-unused-but-set-variable -Wno-sign-conversion -Werror
ifeq ($(MODE),fuzz)
WARN_GEN += -Wno-unknown-warning-option
# clang counts signedness and enumerations among conversions, gcc does not.
WARN += -Wno-unknown-warning-option -Wno-sign-conversion -Wno-implicit-int-conversion
endif

HARDEN := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection
OPT_release  := -O2 -g $(HARDEN)
OPT_debug    := -O0 -g3 -DMSA_DEBUG
OPT_asan     := -O1 -g -DMSA_DEBUG -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
OPT_gcstress := -O1 -g -DMSA_DEBUG -DMSA_GC_STRESS
OPT_cover    := -O0 -g --coverage
OPT_fuzz     := -O1 -g -DMSA_DEBUG -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
LINK_asan    := -fsanitize=address,undefined
LINK_cover   := --coverage
LINK_fuzz    := -fsanitize=address,undefined

PACKAGES := simdjson libxxhash libmd zlib gmp $(if $(filter gc,$(HEAP)),bdw-gc)
PACKAGE_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PACKAGES) 2>/dev/null)
PACKAGE_LIBS := $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null) -lcctz -lcsv

# -iquote, not -I: our VERSION must not become C++'s <version> where file names ignore case.
MSA_CPPFLAGS := -D_POSIX_C_SOURCE=200809L -DMSA_VERSION='"$(VERSION)"' -DMSA_HEAP_$(HEAP) -iquote . -iquote $(GEN) -Iinclude \
                $(PACKAGE_CFLAGS) -MMD -MP
COMMON := $(OPT_$(MODE)) -fPIC -ffile-prefix-map=$(CURDIR)/=
MSA_CFLAGS := -std=c17 $(COMMON)
MSA_CXXFLAGS := -std=c++17 $(COMMON)
MSA_LDFLAGS := $(LINK_$(MODE))

# --- sources: by folder, no lists ---------------------------------------------------------------------------------
FOLDERS := base grammar bytecode compiler runtime cli
SOURCES := $(sort $(wildcard $(FOLDERS:%=%/*.c) $(FOLDERS:%=%/*.cc)))
SOURCES := $(filter-out runtime/heap_$(if $(filter gc,$(HEAP)),region,gc).c,$(SOURCES))
in = $(foreach folder,$1,$(patsubst %,$(B)/%.o,$(filter $(folder)/%,$(SOURCES))))

GRAMMAR_GEN := $(if $(wildcard grammar/msa.y),$(GEN)/msa.tab.c) $(if $(wildcard grammar/msa.l),$(GEN)/msa.lex.c)
GRAMMAR_HEADERS := $(if $(wildcard grammar/msa.y),$(GEN)/msa.tab.h)
STDLIB := $(sort $(shell find stdlib -name '*.msa' 2>/dev/null))

COMPILE_LIB := $(B)/libmsa-compile.a
RUN_LIB := $(B)/libmsa-run.a
PROGRAM := $(if $(wildcard cli/*.c),$(B)/msa)
UNIT := $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/*.c))
FUZZ := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/*.c))

ifeq ($(V),1)
Q :=
say := @:
else
Q := @
say = @printf '  %-7s %s\n'
endif

.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
.PHONY: all lib unit fuzz setup setup-tests test check check-house demo bench install uninstall clean help
all: $(COMPILE_LIB) $(RUN_LIB) $(PROGRAM) $(if $(filter release,$(MODE)),$(if $(PROGRAM),build/msa))

lib: $(COMPILE_LIB) $(RUN_LIB)

help:
	@echo 'make              build/msa, the program (and both libraries in build/release)'
	@echo 'make setup        install the Debian packages that are needed and missing'
	@echo 'make test         all tests; the last line is `N passed, N failed`'
	@echo 'make demo         an agreement at work'
	@echo 'make bench        speed'
	@echo 'make check-house  who may include whom, headers that compile alone'
	@echo 'make install      DESTDIR= PREFIX=$(PREFIX)'
	@echo 'make uninstall    removes exactly what install put there'
	@echo 'make unit         builds the unit tests;  make fuzz MODE=fuzz  the fuzz targets'
	@echo 'make clean        removes build/'
	@echo 'MODE=             $(MODES)      HEAP= gc region      V=1 shows commands'

# --- compiling ----------------------------------------------------------------------------------------------------
# Objects depend on the flags they were made with.
FLAGS_NOW = $(CC) $(CXX) $(CFLAGS) $(CXXFLAGS) $(CPPFLAGS) $(MSA_CPPFLAGS) $(MSA_CFLAGS) $(WARN_C) $(WARN_CXX) $(LDFLAGS)
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','"'"',$(FLAGS_NOW))' | cmp -s - $@ || printf '%s\n' '$(subst ','"'"',$(FLAGS_NOW))' > $@
.PHONY: FORCE
FORCE:

$(B)/%.c.o: %.c $(B)/flags | $(GRAMMAR_HEADERS)
	$(say) CC $<
	@mkdir -p $(@D)
	$(Q)$(CC) $(MSA_CPPFLAGS) $(CPPFLAGS) $(MSA_CFLAGS) $(WARN_C) $(CFLAGS) -c $< -o $@

$(B)/%.cc.o: %.cc $(B)/flags
	$(say) CXX $<
	@mkdir -p $(@D)
	$(Q)$(CXX) $(MSA_CPPFLAGS) $(CPPFLAGS) $(MSA_CXXFLAGS) $(WARN_CXX) $(CXXFLAGS) -c $< -o $@

$(GEN)/%.c.o: $(GEN)/%.c $(B)/flags | $(GRAMMAR_HEADERS)
	$(say) CC $<
	$(Q)$(CC) $(MSA_CPPFLAGS) $(CPPFLAGS) $(MSA_CFLAGS) $(WARN_GEN) $(CFLAGS) -c $< -o $@

# Both tools run with relative paths from the root, so that their #line directives are the same everywhere.
$(GEN)/msa.tab.c $(GEN)/msa.tab.h &: grammar/msa.y
	$(say) BISON $<
	@mkdir -p $(@D)
	$(Q)$(BISON) -Wall -Wcounterexamples -Wdangling-alias -Werror --header=$(GEN)/msa.tab.h --report=states,itemsets \
	    --report-file=$(GEN)/msa.output -o $(GEN)/msa.tab.c $<

# Whatever flex has to say is a mistake (it warns, with status 0, about rules that never match). -CFe scans 2.9 times as
# fast as the default tables; debugging wants the default ones.
FLEX_TABLES := $(if $(filter release,$(MODE)),-CFe)
$(GEN)/msa.lex.c: grammar/msa.l
	$(say) FLEX $<
	@mkdir -p $(@D)
	$(Q)$(FLEX) $(FLEX_TABLES) -o $@ $< 2>$@.said || { cat $@.said >&2; rm -f $@; exit 1; }
	$(Q)if [ -s $@.said ]; then cat $@.said >&2; rm -f $@; exit 1; fi

# The list of modules is a dependency of its own: removing a file must rebuild, too.
$(GEN)/stdlib.list: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(STDLIB)' | cmp -s - $@ || printf '%s\n' '$(STDLIB)' > $@
$(GEN)/stdlib_data.c: $(STDLIB) $(GEN)/stdlib.list tools/embed_stdlib.sh
	$(say) EMBED stdlib
	$(Q)sh tools/embed_stdlib.sh stdlib $(STDLIB) > $@

# The pages about messages, for `msa explain-error`.
ERROR_PAGES := $(sort $(wildcard docs/errors/[EW]*.md))
$(GEN)/errors.list: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(ERROR_PAGES)' | cmp -s - $@ || printf '%s\n' '$(ERROR_PAGES)' > $@
$(GEN)/error_pages.c: $(ERROR_PAGES) $(GEN)/errors.list tools/embed_errors.sh
	$(say) EMBED docs/errors
	$(Q)sh tools/embed_errors.sh $(ERROR_PAGES) > $@

# --- libraries and programs ---------------------------------------------------------------------------------------
$(COMPILE_LIB): $(call in,base grammar bytecode compiler) $(GRAMMAR_GEN:%=%.o) $(GEN)/stdlib_data.c.o
$(RUN_LIB): $(call in,base bytecode runtime)
# A source that went away must leave the libraries, too.
$(B)/sources: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(SOURCES)' | cmp -s - $@ || printf '%s\n' '$(SOURCES)' > $@
$(COMPILE_LIB) $(RUN_LIB): $(B)/sources
	$(say) AR $@
	@rm -f $@
	$(Q)$(AR) Dcrs $@ $(filter %.o,$^)

# What is installed exports the functions of its header and nothing else: no name of ours meets one of the program that links
# it. One object, because what the files of a library call each other by must be bound before the names are made local.
PUBLIC := $(B)/public/libmsa-compile.a $(B)/public/libmsa-run.a
$(B)/public/names: $(wildcard include/msa/*.h)
	@mkdir -p $(@D)
	$(Q)grep -oh '\<msa_[a-z0-9_]*' $^ | sort -u > $@
$(PUBLIC): $(B)/public/%.a: $(B)/%.a $(B)/public/names
	$(say) PUBLIC $@
	$(Q)$(LD) -r --force-group-allocation --whole-archive $< -o $(@:.a=.o)
	$(Q)$(OBJCOPY) --keep-global-symbols=$(B)/public/names $(@:.a=.o)
	@rm -f $@
	$(Q)$(AR) Dcrs $@ $(@:.a=.o)

LIBS := $(COMPILE_LIB) $(RUN_LIB) $(PACKAGE_LIBS) -lm
CLI := $(call in,cli) $(GEN)/error_pages.c.o
$(B)/msa: $(CLI) $(COMPILE_LIB) $(RUN_LIB)
	$(say) LINK $@
	$(Q)$(CXX) $(MSA_LDFLAGS) $(LDFLAGS) -o $@ $(CLI) $(LIBS)

build/msa: $(B)/msa
	@ln -sf release/msa $@

# Work on one folder while another does not build: make build/release/unit/test_x UNIT_LIBS='$(call in,base bytecode)'
UNIT_LIBS ?= $(COMPILE_LIB) $(RUN_LIB)
unit: $(UNIT)
$(B)/unit/%: $(B)/tests/unit/%.c.o $(UNIT_LIBS)
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CXX) $(MSA_LDFLAGS) $(LDFLAGS) -o $@ $< $(UNIT_LIBS) $(PACKAGE_LIBS) -lm -lcmocka

# The command line's own tests: everything but main.
$(B)/unit/test_cli_%: $(B)/tests/unit/test_cli_%.c.o $(filter-out $(B)/cli/main.c.o,$(CLI)) $(UNIT_LIBS)
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CXX) $(MSA_LDFLAGS) $(LDFLAGS) -o $@ $^ $(PACKAGE_LIBS) -lm -lcmocka

# Fault injection stands between the libraries and libc.
WRAPPED := malloc calloc realloc read pread write
$(B)/unit/test_fault: MSA_LDFLAGS += $(WRAPPED:%=-Wl,--wrap=%)

fuzz: $(FUZZ)
$(B)/fuzz/%: $(B)/tests/fuzz/%.c.o $(COMPILE_LIB) $(RUN_LIB)
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CXX) $(MSA_LDFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $< $(LIBS)

# --- what people type ---------------------------------------------------------------------------------------------
# Fast and silent when all is there; else the missing Debian packages are installed, by name.
setup:
	@sh tools/setup.sh build
setup-tests:
	@sh tools/setup.sh test

test: setup-tests
	@MAKE='$(MAKE)' sh tests/run

check: test

check-house:
	@CC='$(CC)' CXX='$(CXX)' sh tools/house.sh

demo: setup
	@$(MAKE) --no-print-directory -s all
	@if [ -f examples/demo.sh ]; then MSA=build/msa sh examples/demo.sh; else echo 'there is no demo yet'; fi

bench: setup
	@$(MAKE) --no-print-directory -s all
	@if [ -f tests/bench/run.sh ]; then MSA=build/msa sh tests/bench/run.sh; else echo 'there is no benchmark yet'; fi

clean:
	rm -rf build

# --- installing ---------------------------------------------------------------------------------------------------
HEADERS := $(sort $(wildcard include/msa/*.h))
MAN := $(sort $(wildcard docs/man/*.1))
PC_EDIT = sed -e 's|@prefix@|$(PREFIX)|' -e 's|@libdir@|$(libdir)|' -e 's|@includedir@|$(includedir)|' \
          -e 's|@version@|$(VERSION)|' -e 's|@heap@|$(if $(filter gc,$(HEAP)),bdw-gc)|'

install: all $(PUBLIC)
	$(INSTALL) -d '$(DESTDIR)$(bindir)' '$(DESTDIR)$(libdir)/pkgconfig' '$(DESTDIR)$(includedir)/msa' '$(DESTDIR)$(mandir)/man1'
	$(if $(PROGRAM),$(INSTALL) -m 755 $(PROGRAM) '$(DESTDIR)$(bindir)/msa')
	$(INSTALL) -m 644 $(PUBLIC) '$(DESTDIR)$(libdir)'
	$(if $(HEADERS),$(INSTALL) -m 644 $(HEADERS) '$(DESTDIR)$(includedir)/msa')
	$(if $(MAN),$(INSTALL) -m 644 $(MAN) '$(DESTDIR)$(mandir)/man1')
	$(PC_EDIT) tools/msa.pc.in > '$(DESTDIR)$(libdir)/pkgconfig/msa.pc'
	$(PC_EDIT) -e 's|-lmsa-compile ||' -e 's|^Description:.*|Description: runs compiled managed services agreements|' \
	    -e 's|^Name:.*|Name: msa-run|' tools/msa.pc.in > '$(DESTDIR)$(libdir)/pkgconfig/msa-run.pc'

uninstall:
	rm -f '$(DESTDIR)$(bindir)/msa' '$(DESTDIR)$(libdir)/libmsa-compile.a' '$(DESTDIR)$(libdir)/libmsa-run.a'
	rm -f '$(DESTDIR)$(libdir)/pkgconfig/msa.pc' '$(DESTDIR)$(libdir)/pkgconfig/msa-run.pc'
	rm -f $(patsubst include/msa/%,'$(DESTDIR)$(includedir)/msa/%',$(HEADERS))
	rm -f $(patsubst docs/man/%,'$(DESTDIR)$(mandir)/man1/%',$(MAN))
	-rmdir '$(DESTDIR)$(includedir)/msa' 2>/dev/null || true

-include $(shell find $(B) -name '*.d' 2>/dev/null)
