// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: a lock that processes share which change the same folder.
// Threads: any.

#ifndef STRATA_BASE_FOLDER_LOCK_HH
#define STRATA_BASE_FOLDER_LOCK_HH

#include "base/file.hh"
#include "base/monitor.hh"

#include <string>

namespace strata {

/// Waits until no other process holds the lock of the folder PATH or MONITOR
/// cancels.  It is a lock of the folder itself: no file is left, and it ends
/// with the descriptor or the process.  Throws Error.
FileDescriptor lock_folder(const std::string &path, const Monitor &monitor);

} // namespace strata

#endif
