# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# STRATA_CXX_FLAG(FLAG, VARIABLE)
# Adds FLAG to VARIABLE if the C++ compiler takes it.
AC_DEFUN([STRATA_CXX_FLAG],
[AC_MSG_CHECKING([whether $CXX takes $1])
strata_saved=$CXXFLAGS
CXXFLAGS="$CXXFLAGS -Werror $1"
AC_COMPILE_IFELSE([AC_LANG_PROGRAM],
  [AC_MSG_RESULT([yes])
   $2="$$2 $1"],
  [AC_MSG_RESULT([no])])
CXXFLAGS=$strata_saved])

# STRATA_CXX20
# Makes CXX a compiler of C++20.
AC_DEFUN([STRATA_CXX20],
[AC_MSG_CHECKING([how $CXX compiles C++20])
strata_saved=$CXX
strata_standard=
for strata_option in '' -std=c++20 -std=c++2a; do
  CXX="$strata_saved $strata_option"
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[
#include <concepts>
#include <span>
#if __cplusplus < 202002L
#error "older than C++20"
#endif
template <std::integral T> T twice(T x) { return x + x; }
]], [[
int numbers[] = {1, 2};
return twice(std::span(numbers)[0]) == 2 ? 0 : 1;
]])], [strata_standard=${strata_option:-as it is}])
  AS_IF([test -n "$strata_standard"], [break])
done
AS_IF([test -z "$strata_standard"],
  [AC_MSG_RESULT([not at all])
   AC_MSG_ERROR([$strata_saved does not compile C++20
hint: g++ 12 and clang++ 14 do; choose one with CXX=...])])
AC_MSG_RESULT([$strata_standard])])

# STRATA_WARNINGS
AC_DEFUN([STRATA_WARNINGS],
[AC_ARG_ENABLE([werror],
  [AS_HELP_STRING([--enable-werror], [let warnings be errors])])
STRATA_CXX_FLAG([-Wall], [WARNING_CXXFLAGS])
STRATA_CXX_FLAG([-Wextra], [WARNING_CXXFLAGS])
AS_IF([test "$enable_werror" = yes],
  [WARNING_CXXFLAGS="$WARNING_CXXFLAGS -Werror"])
# Macros of Guile 3.0 assign to a volatile object in code that never runs.
STRATA_CXX_FLAG([-Wno-deprecated-volatile], [GUILE_CXXFLAGS])
AC_SUBST([WARNING_CXXFLAGS])
AC_SUBST([GUILE_CXXFLAGS])])

# STRATA_SANITIZERS
# GUILE_ENVIRONMENT is what Guile must be started with: it is built without
# sanitizers, so that it must load their libraries first, and its collector
# hides memory from the search for leaks.
AC_DEFUN([STRATA_SANITIZERS],
[AC_ARG_ENABLE([sanitizers],
  [AS_HELP_STRING([--enable-sanitizers=LIST],
     [address,undefined or thread: find errors at run time])],
  [], [enable_sanitizers=no])
strata_preload=
AS_CASE([$enable_sanitizers],
  [no], [],
  [yes], [enable_sanitizers=address,undefined])
AS_IF([test "$enable_sanitizers" != no],
  [SANITIZER_FLAGS=
   STRATA_CXX_FLAG([-fsanitize=$enable_sanitizers], [SANITIZER_FLAGS])
   AS_IF([test -z "$SANITIZER_FLAGS"],
     [AC_MSG_ERROR([$CXX has no sanitizers $enable_sanitizers])])
   SANITIZER_FLAGS="$SANITIZER_FLAGS -fno-omit-frame-pointer"
   SANITIZER_FLAGS="$SANITIZER_FLAGS -fno-sanitize-recover=all"
   for strata_name in asan tsan ubsan; do
     AS_CASE([$strata_name,$enable_sanitizers],
       [asan,*address*|tsan,*thread*|ubsan,*undefined*],
       [strata_file=`$CXX -print-file-name=lib$strata_name.so`
        strata_preload="$strata_preload${strata_preload:+ }$strata_file"])
   done
   GUILE_ENVIRONMENT="env LD_PRELOAD='$strata_preload'"
   GUILE_ENVIRONMENT="$GUILE_ENVIRONMENT ASAN_OPTIONS=detect_leaks=0"])
AC_SUBST([SANITIZER_FLAGS])
AC_SUBST([GUILE_ENVIRONMENT])])
