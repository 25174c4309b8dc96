# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

nixdir = $(pkgdatadir)/nix
dist_nix_DATA = %D%/strata.nix
