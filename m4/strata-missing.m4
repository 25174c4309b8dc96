# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# What is missing is gathered, and told in one message with the command that
# installs it: who builds on a fresh machine does so once, not ten times.

# STRATA_MISSING(DEBIAN-PACKAGE)
AC_DEFUN([STRATA_MISSING],
[AS_CASE([" $strata_missing "],
  [*" $1 "*], [],
  [strata_missing="$strata_missing $1"])])

# STRATA_CHECK_PROGRAM(NAMES, DEBIAN-PACKAGE, [CHOICE-OF-USER])
# One of the programs NAMES must be there, unless the user named another.
AC_DEFUN([STRATA_CHECK_PROGRAM],
[AC_MSG_CHECKING([for m4_bpatsubst([$1], [ .*])])
strata_found=m4_ifval([$3], ["$3"])
for strata_program in $1; do
  AS_IF([test -z "$strata_found"],
    [strata_found=`command -v $strata_program 2>/dev/null`])
done
AC_MSG_RESULT([${strata_found:-no}])
AS_IF([test -z "$strata_found"], [STRATA_MISSING([$2])])])

# STRATA_CHECK_MODULE(VARIABLE-PREFIX, MODULE, DEBIAN-PACKAGE)
AC_DEFUN([STRATA_CHECK_MODULE],
[PKG_CHECK_MODULES([$1], [$2], [], [STRATA_MISSING([$3])])])

# STRATA_CHECK_LIBRARY(VARIABLE, HEADER, LIBRARY, DEBIAN-PACKAGE)
# For libraries that pkg-config does not know.  Needs a compiler.
AC_DEFUN([STRATA_CHECK_LIBRARY],
[AC_CHECK_HEADER([$2], [AC_SUBST([$1], [-l$3])], [STRATA_MISSING([$4])],
  [#include <stdint.h>])])

# STRATA_REQUIRE_ALL
AC_DEFUN([STRATA_REQUIRE_ALL],
[AS_IF([test -n "$strata_missing"],
  [AC_MSG_ERROR([these Debian packages, or newer versions of them, are missing:
 $strata_missing
hint: apt-get install$strata_missing])])])
