// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: crossing from Guile into C++ and back without breaking either.
//
// A C++ exception that leaves a gsubr aborts the process, and a Guile throw
// that passes a C++ frame skips its destructors.  So a body runs inside
// guarded(), which turns what it throws into plain Scheme values, leaves all
// C++ scopes and only then throws to Guile.
//
// Scheme sees the key `strata-error` with the arguments MESSAGE, HINT (#f where
// there is none) and whether it is a BrokenPipe.

#ifndef STRATA_GUILE_BOUNDARY_HH
#define STRATA_GUILE_BOUNDARY_HH

#include "base/monitor.hh"
#include "guile/convert.hh"

#include <functional>

namespace strata {

/// How a body ended.  Trivial: no destructor is skipped when Guile throws.
struct Outcome {
  SCM value;     // the result of a body that ended well
  SCM key;       // #f then; else what is to be thrown
  SCM arguments; // of the throw
};

/// Runs BODY and catches everything.
Outcome outcome_of(const std::function<SCM()> &body);

/// Returns the value of OUTCOME or throws to Guile.  REQUIRES: no C++ object
/// that has a destructor is alive in the caller.
SCM settle(const Outcome &outcome);

/// Runs BODY, which gives a Scheme value, and throws to Guile what it threw.
template <typename Body>
SCM guarded(Body body) {
  Outcome outcome = outcome_of(body);
  return settle(outcome);
}

/// Defines NAME in the current module: PROCEDURE takes ARGUMENTS values.
template <typename Procedure>
void define(const char *name, int arguments, Procedure procedure) {
  scm_c_define_gsubr(name, arguments, 0, 0,
                     reinterpret_cast<scm_t_subr>(procedure));
}

/// Runs WORK on a thread of its own while the calling thread waits outside of
/// Guile.  Every 100 ms it calls PROGRESS (a procedure, or #f) with the stage,
/// the bytes done and in all, and new warnings, and lets asyncs such as signal
/// handlers run.  A throw from these cancels WORK; guarded() throws it on once
/// WORK has ended.  REQUIRES: called inside guarded().
void run_with_progress(SCM progress,
                       const std::function<void(Monitor &)> &work);

} // namespace strata

#endif
