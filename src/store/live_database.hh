// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: reading a database that another process may be writing, also as a
// user who may not write there, without making or changing a file beside it.
// Errors: an Error names the database.
// Threads: calls wait for each other: a process that closes a file loses all
// its locks on it, those that SQLite holds for another thread included.

#ifndef STRATA_STORE_LIVE_DATABASE_HH
#define STRATA_STORE_LIVE_DATABASE_HH

#include "base/database.hh"
#include "base/monitor.hh"

#include <functional>
#include <string>

namespace strata {

/// Calls READ with a connection to the database PATH, inside a transaction.
/// READ may be called several times: what counts is the last call, the others
/// saw a database that changed or was locked.
void read_live_database(const std::string &path, Monitor &monitor,
                        const std::function<void(Database &)> &read);

} // namespace strata

#endif
