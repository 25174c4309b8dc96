// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "guile/boundary.hh"

#include "base/error.hh"
#include "base/text.hh"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace strata {

namespace {

using namespace std::chrono_literals;

constexpr auto interval = 100ms;

// Unwinds C++ after Scheme threw.  It holds no SCM: key and arguments are in
// the Relay, on a frame that stays until they are used.
struct ThrownByScheme {};

// What Scheme threw inside a body; kept where the collector sees it, on the
// stack of outcome_of.
struct Relay {
  SCM key = SCM_BOOL_F;
  SCM arguments = SCM_EOL;
};
thread_local Relay *current_relay = nullptr;

// A call of the progress procedure, as scm_c_catch wants it.
struct ProgressCall {
  SCM procedure;
  SCM arguments;
};

SCM call_progress(void *data) {
  auto *call = static_cast<ProgressCall *>(data);
  scm_async_tick();
  if (scm_is_true(call->procedure))
    scm_apply_0(call->procedure, call->arguments);
  return SCM_BOOL_T;
}

SCM keep_throw(void *data, SCM key, SCM arguments) {
  auto *relay = static_cast<Relay *>(data);
  relay->key = key;
  relay->arguments = arguments;
  return SCM_BOOL_F;
}

SCM progress_arguments(Monitor &monitor) {
  Monitor::Progress progress = monitor.progress();
  return scm_list_4(
      scm_from_text(progress.stage), scm_from_uint64(progress.done),
      scm_from_uint64(progress.total), scm_from_texts(monitor.take_warnings()));
}

// The end of the work, waited for outside of Guile.
class Ending {
public:
  void announce() {
    std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }

  // Asks the waiting thread to look at Guile now, and waits until it did.
  void ask() {
    std::unique_lock lock(mutex_);
    asked_ = true;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !asked_; });
  }

  // The answer to ask(), if anyone does.
  void answer() {
    std::lock_guard lock(mutex_);
    asked_ = false;
    changed_.notify_all();
  }

  // Waits for the end or for a question, at most INTERVAL; whether the end
  // came.
  bool wait_in_guile() {
    scm_without_guile(
        [](void *self) -> void * {
          auto *ending = static_cast<Ending *>(self);
          std::unique_lock lock(ending->mutex_);
          ending->changed_.wait_for(
              lock, interval, [&] { return ending->ended_ || ending->asked_; });
          return nullptr;
        },
        this);
    std::lock_guard lock(mutex_);
    return ended_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  bool asked_ = false;
};

// Calls the procedure once; false if Scheme threw.
bool report(SCM progress, Monitor &monitor) {
  ProgressCall call{progress, progress_arguments(monitor)};
  SCM good = scm_c_catch(SCM_BOOL_T, call_progress, &call, keep_throw,
                         current_relay, nullptr, nullptr);
  return scm_is_true(good);
}

} // namespace

Outcome outcome_of(const std::function<SCM()> &body) {
  Relay relay;
  Relay *outer = std::exchange(current_relay, &relay);
  Outcome outcome{SCM_UNSPECIFIED, SCM_BOOL_F, SCM_EOL};
  auto failed = [&](const char *message, const std::string &hint,
                    bool broken_pipe = false) {
    outcome.key = scm_from_utf8_symbol("strata-error");
    outcome.arguments = scm_list_3(
        scm_from_text(message), hint.empty() ? SCM_BOOL_F : scm_from_text(hint),
        scm_from_bool(broken_pipe));
  };
  try {
    outcome.value = body();
  } catch (const Error &error) {
    failed(error.what(), error.hint());
  } catch (const BrokenPipe &pipe) {
    failed(pipe.what(), {}, true);
  } catch (const ThrownByScheme &) {
    outcome.key = relay.key;
    outcome.arguments = relay.arguments;
  } catch (const std::bad_alloc &) {
    failed(_("memory is exhausted"), {});
  } catch (const std::exception &exception) {
    failed(exception.what(), {});
  } catch (...) {
    failed(_("an unknown failure"), {});
  }
  current_relay = outer;
  return outcome;
}

SCM settle(const Outcome &outcome) {
  if (scm_is_true(outcome.key))
    scm_throw(outcome.key, outcome.arguments);
  return outcome.value;
}

void run_with_progress(SCM progress,
                       const std::function<void(Monitor &)> &work) {
  Monitor monitor;
  Ending ending;
  std::exception_ptr failure;
  monitor.set_checkpoint([&] { ending.ask(); });
  std::thread worker([&] {
    try {
      work(monitor);
    } catch (...) {
      failure = std::current_exception();
    }
    ending.announce();
  });

  bool thrown = false;
  while (!ending.wait_in_guile()) {
    if (!thrown && !report(progress, monitor)) {
      thrown = true;
      monitor.cancel();
    }
    ending.answer();
  }
  worker.join();
  // Once more, for the warnings of the last moments.
  if (!thrown && !report(progress, monitor))
    thrown = true;
  if (thrown)
    throw ThrownByScheme();
  if (failure)
    std::rethrow_exception(failure);
}

} // namespace strata
