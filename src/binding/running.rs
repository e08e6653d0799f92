//! A running call: its thread and its promise.
//!
//! The work runs on its own thread, not on one of libuv's four. The promise is settled on the thread of its
//! environment. What must stay on that thread, such as the abort listener, is kept in a table there (`environment`).

use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use napi::JsDeferred;
use napi::bindgen_prelude::{Env, Object, ToNapiValue};

use super::environment::{self, Call, Stop};
use super::failure::{Failure, guarded, take_thrown};
use super::members::Value;
use super::progress::{ProgressCallback, Reporter, Thrown, Ticker};
use super::signal::AbortSignal;
use crate::error::{Error, Result};
use crate::progress::Progress;

type Settle = Box<dyn FnOnce(Env) -> napi::Result<Value> + Send>;
type Deferred = JsDeferred<Value, Settle>;
type Work = Box<dyn FnOnce() + Send>;

/// A running call, as its work sees it.
pub(super) struct Running {
    progress: Arc<Progress>,
    reporter: Option<Reporter>,
    ticker: Mutex<Option<Ticker>>,
}

/// Returns the promise of `start`. If `start` fails, returns a rejected promise: with what the caller's code threw,
/// if it did, or with the failure.
pub(super) fn promise<'env>(
    env: &'env Env,
    start: impl FnOnce() -> Result<Object<'env>, Failure>,
) -> napi::Result<Object<'env>> {
    guarded(start).or_else(|failure| {
        let failure = take_thrown(env).unwrap_or(failure);
        let (deferred, promise): (Deferred, _) = env.create_deferred()?;
        deferred.resolve(Box::new(move |env| Err(failure.into_rejection(env, None))));
        Ok(promise)
    })
}

impl Running {
    /// Runs `work` on a thread of its own and returns the promise of its result.
    ///
    /// The thread starts first and waits for its work. If a later step fails, earlier steps are undone, and the
    /// thread ends because no work arrives.
    pub(super) fn start<'env, T: ToNapiValue + Send + 'static>(
        env: &'env Env,
        signal: Option<AbortSignal<'_>>,
        on_progress: Option<ProgressCallback<'_>>,
        work: impl FnOnce(&Self) -> Result<T> + Send + 'static,
    ) -> Result<Object<'env>, Failure> {
        environment::prepare(env)?;
        let (begin, begun) = sync_channel::<Work>(1);
        let wait_for_work = move || {
            if let Ok(work) = begun.recv() {
                work();
            }
        };
        let thread = thread::Builder::new()
            .name("telemetry-export".to_owned())
            .spawn(wait_for_work)
            .map_err(Error::thread)?;
        let progress = Arc::<Progress>::default();
        let thrown = Arc::<Thrown>::default();
        let reporter =
            on_progress.map(|callback| Reporter::new(&callback, &progress, &thrown)).transpose()?;
        let signal = signal.map(|signal| signal.watch(env, &progress)).transpose()?;
        let (deferred, promise): (Deferred, _) = match env.create_deferred() {
            Ok(created) => created,
            Err(error) => {
                if let Some(signal) = signal {
                    signal.let_go(env);
                }
                return Err(error.into());
            }
        };
        let number = environment::enter(env, Call { stop: Stop::new(&progress, thread), signal });
        let running = Self { progress, reporter, ticker: Mutex::default() };
        let to_do: Work = Box::new(move || {
            let outcome = running.work(work);
            drop(running);
            deferred.resolve(Box::new(move |env| settle(env, number, outcome, &thrown)));
        });
        begin.send(to_do).expect("the thread waits until it has its work");
        Ok(promise)
    }

    pub(super) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Sends the last report to the caller and waits until the callback has run.
    pub(super) fn report_last_progress(&self) -> Result<()> {
        self.stop_ticker();
        self.reporter.as_ref().map_or(Ok(()), Reporter::report_last)
    }

    /// Runs the work guarded against panics, and reports progress while it runs.
    fn work<T>(&self, work: impl FnOnce(&Self) -> Result<T>) -> Result<T, Failure> {
        let outcome = guarded(|| {
            *self.lock_ticker() = self.reporter.as_ref().map(Reporter::start_ticker);
            Ok(work(self)?)
        });
        self.stop_ticker();
        outcome
    }

    fn stop_ticker(&self) {
        drop(self.lock_ticker().take());
    }

    fn lock_ticker(&self) -> MutexGuard<'_, Option<Ticker>> {
        self.ticker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Settles the promise, on the thread of its environment.
fn settle<T: ToNapiValue>(
    env: Env,
    number: u64,
    outcome: Result<T, Failure>,
    thrown: &Thrown,
) -> napi::Result<Value> {
    let signal = environment::leave(&env, number).and_then(|call| call.signal);
    let outcome = guarded(|| {
        let failure = match outcome {
            Ok(value) => return Ok(Value::of(env, value)?),
            Err(failure) => failure,
        };
        let is_cancelled = matches!(failure, Failure::Core(Error::Cancelled));
        Err(if is_cancelled { thrown.take().unwrap_or(failure) } else { failure })
    });
    let outcome = outcome.map_err(|failure| {
        let failure = take_thrown(&env).unwrap_or(failure);
        failure.into_rejection(env, signal.as_ref().and_then(|signal| signal.reason(&env)))
    });
    if let Some(signal) = signal {
        signal.let_go(&env);
    }
    outcome
}
