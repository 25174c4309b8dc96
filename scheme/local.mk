# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The modules, but for (strata config), which is made.
scheme_modules = \
  strata \
  strata/arguments \
  strata/cache \
  strata/colors \
  strata/columns \
  strata/config-options \
  strata/creation-time \
  strata/curve-picture \
  strata/difference \
  strata/difference-pictures \
  strata/difference-text \
  strata/directives \
  strata/docker \
  strata/errors \
  strata/image \
  strata/image-options \
  strata/image-update \
  strata/json \
  strata/manifest \
  strata/markup \
  strata/messages \
  strata/options \
  strata/output-files \
  strata/pack \
  strata/page \
  strata/page-parts \
  strata/plan \
  strata/plan-json \
  strata/plan-options \
  strata/plan-pictures \
  strata/plan-text \
  strata/plan-words \
  strata/primitives \
  strata/profile \
  strata/progress \
  strata/report-options \
  strata/request \
  strata/scripts/cache \
  strata/scripts/diff \
  strata/scripts/inspect \
  strata/scripts/pack \
  strata/scripts/plan \
  strata/scripts/store \
  strata/scripts/stream \
  strata/scripts/system \
  strata/siblings \
  strata/search-paths \
  strata/signals \
  strata/store \
  strata/store-options \
  strata/system/image \
  strata/system/root \
  strata/table \
  strata/text \
  strata/treemap \
  strata/treemap-picture \
  strata/ui

scheme_sources = $(scheme_modules:%=%D%/%.scm)
scheme_objects = $(scheme_modules:%=%D%/%.go)
EXTRA_DIST += $(scheme_sources) %D%/strata/config.scm.in scripts/strata.in
CLEANFILES += $(scheme_objects) $(scheme_objects:=.log) \
  %D%/strata/config.scm %D%/strata/config.go %D%/strata/config.go.log \
  scripts/strata

# What stands in for Guix's own modules, in a folder of its own.
guixoverlaydir = $(pkgdatadir)/guix-overlay/guix
dist_guixoverlay_DATA = %D%/guix-overlay/guix/docker.scm

all-local: $(scheme_objects) %D%/strata/config.go scripts/strata

# --- Compiling.  Guile inlines across modules: each object needs all sources.
# Not `guild` itself: its shell dies of what GUILE_ENVIRONMENT loads for threads.

guild = $(GUILE) --no-auto-compile -e '(@@ (guild) main)' -s $(GUILD)
guild_options = -Wunbound-variable -Warity-mismatch -Wformat
AM_V_GUILEC = $(AM_V_GUILEC_@AM_V@)
AM_V_GUILEC_ = $(AM_V_GUILEC_@AM_DEFAULT_V@)
AM_V_GUILEC_0 = @echo "  GUILEC  " $@;

SUFFIXES = .scm .go
.scm.go:
	$(AM_V_GUILEC)$(MKDIR_P) $(@D) && \
	./pre-inst-env $(GUILE_ENVIRONMENT) $(guild) compile $(guild_options) \
	  --target=$(host) -o $@ $< >$@.log 2>&1 || { cat $@.log >&2; exit 1; }; \
	grep -v '^wrote' $@.log >&2; \
	if test -n "$(filter -Werror,$(WARNING_CXXFLAGS))" && \
	   grep -q 'warning:' $@.log; then \
	  rm -f $@; exit 1; \
	fi

$(scheme_objects): $(scheme_sources) %D%/strata/config.go src/libstrata.la
%D%/strata/config.go: %D%/strata/config.scm pre-inst-env

# --- What depends on folders: made for the build tree here, and anew for
# --- whatever folders `make install` is told.

# (The quotes keep configure from seeing the names between @ signs.)
substitute = $(SED) -e 's|@VERSION''@|$(VERSION)|g' \
  -e 's|@GUILE''@|$(GUILE)|g' -e 's|@SHELL''@|$(SHELL)|g'
load_paths_built = -L "$(abs_top_builddir)/scheme" \
  -L "$(abs_top_srcdir)/scheme" -C "$(abs_top_builddir)/scheme"
substitute_built = $(substitute) \
  -e "s|@environment""@|$(GUILE_ENVIRONMENT)|g" \
  -e 's|@extension''@|$(abs_top_builddir)/src/.libs/libstrata|g' \
  -e 's|@localedir''@|$(abs_top_builddir)/locale|g' \
  -e 's|@load_paths''@|$(load_paths_built)|g'
substitute_installed = $(substitute) -e 's|@environment''@ *||g' \
  -e 's|@extension''@|$(extensiondir)/libstrata|g' \
  -e 's|@localedir''@|$(localedir)|g' \
  -e 's|@load_paths''@|-L "$(guilesitedir)" -C "$(guileobjectdir)"|g'

%D%/strata/config.scm: %D%/strata/config.scm.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(substitute_built) $(srcdir)/%D%/strata/config.scm.in >$@.new && \
	mv $@.new $@

scripts/strata: scripts/strata.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(substitute_built) $(srcdir)/scripts/strata.in >$@.new && \
	chmod +x $@.new && mv $@.new $@

# Sources go first: Guile ignores an object that is older than its source.
install-data-local: all-local
	@for module in $(scheme_modules); do \
	  $(INSTALL) -D -m 644 "$(srcdir)/%D%/$$module.scm" \
	    "$(DESTDIR)$(guilesitedir)/$$module.scm" || exit 1; \
	done
	@$(MKDIR_P) "$(DESTDIR)$(guilesitedir)/strata" \
	  "$(DESTDIR)$(guileobjectdir)/strata"
	$(substitute_installed) $(srcdir)/%D%/strata/config.scm.in \
	  >"$(DESTDIR)$(guilesitedir)/strata/config.scm"
	@for module in $(scheme_modules); do \
	  $(INSTALL) -D -m 644 "%D%/$$module.go" \
	    "$(DESTDIR)$(guileobjectdir)/$$module.go" || exit 1; \
	done
	cd "$(DESTDIR)$(guilesitedir)" && GUILE_AUTO_COMPILE=0 \
	  $(GUILD) compile --target=$(host) \
	    -o "$(DESTDIR)$(guileobjectdir)/strata/config.go" strata/config.scm

install-exec-local: all-local
	$(MKDIR_P) "$(DESTDIR)$(bindir)"
	$(substitute_installed) $(srcdir)/scripts/strata.in \
	  >"$(DESTDIR)$(bindir)/strata"
	chmod 755 "$(DESTDIR)$(bindir)/strata"

uninstall-local:
	rm -f "$(DESTDIR)$(bindir)/strata"
	for module in $(scheme_modules) strata/config; do \
	  rm -f "$(DESTDIR)$(guilesitedir)/$$module.scm" \
	    "$(DESTDIR)$(guileobjectdir)/$$module.go"; \
	done
