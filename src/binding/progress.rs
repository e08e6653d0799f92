//! Calls the caller's `onProgress` from the thread of an export.

use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use napi::Status;
use napi::bindgen_prelude::{
    Env, Error as JsError, FnArgs, Function, JsObjectValue, JsValue, Object, Unknown, ValueType,
};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};

use super::failure::{Failure, guarded, take_thrown};
use super::members::Value;
use super::outputs::ExportProgress;
use crate::error::Result;
use crate::progress::Progress;

/// The time between two calls.
const INTERVAL: Duration = Duration::from_millis(100);
/// How soon a wait for JavaScript notices a cancellation.
const PATIENCE: Duration = Duration::from_millis(5);
/// Calls that may wait for a busy event loop. More are dropped.
const QUEUED_CALLS_AT_MOST: usize = 2;

/// The caller's `onProgress`.
pub(super) type ProgressCallback<'a> = Function<'a, ExportProgress, Unknown<'static>>;
type ProgressFunction = ThreadsafeFunction<
    ExportProgress,
    Unknown<'static>,
    ExportProgress,
    Status,
    false,
    true,
    QUEUED_CALLS_AT_MOST,
>;
type Handler<'a> = Function<'a, Unknown<'static>, ()>;

/// The first failure of the caller's `onProgress`: what it threw, or the rejection of a promise that it returned.
#[derive(Default)]
pub(super) struct Thrown(Mutex<Option<Failure>>);

impl Thrown {
    fn set(&self, failure: Failure) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failure);
    }

    pub(super) fn take(&self) -> Option<Failure> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Calls `onProgress` for one export.
#[derive(Clone)]
pub(super) struct Reporter {
    function: Arc<ProgressFunction>,
    progress: Arc<Progress>,
    thrown: Arc<Thrown>,
}

/// A thread that reports at intervals. Dropping it stops the thread.
pub(super) struct Ticker {
    stop: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Reporter {
    pub(super) fn new(
        callback: &ProgressCallback<'_>,
        progress: &Arc<Progress>,
        thrown: &Arc<Thrown>,
    ) -> napi::Result<Self> {
        let function = callback
            .build_threadsafe_function::<ExportProgress>()
            .callee_handled::<false>()
            .weak::<true>()
            .max_queue_size::<QUEUED_CALLS_AT_MOST>()
            .build()?;
        Ok(Self { function: Arc::new(function), progress: Arc::clone(progress), thrown: Arc::clone(thrown) })
    }

    /// Starts to report at intervals, once the files are listed. If no thread can be started, the caller gets the last
    /// report only.
    pub(super) fn start_ticker(&self) -> Ticker {
        let (stop, stopped) = sync_channel::<()>(0);
        let reporter = self.clone();
        let ticking = move || {
            while stopped.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
                // Without the total, nobody can tell how far the export is.
                if reporter.progress.report().bytes_total > 0 {
                    reporter.send(None);
                }
            }
        };
        let thread = thread::Builder::new().name("telemetry-progress".to_owned()).spawn(ticking).ok();
        Ticker { stop: Some(stop), thread }
    }

    /// Sends the last report and waits until the callback has run, so that what it throws can still stop the export.
    pub(super) fn report_last(&self) -> Result<()> {
        let (done, is_done) = sync_channel(1);
        while !self.send(Some(done.clone())) {
            self.progress.check()?;
            thread::sleep(PATIENCE);
        }
        drop(done);
        loop {
            match is_done.recv_timeout(PATIENCE) {
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return self.progress.check(),
                Err(RecvTimeoutError::Timeout) => self.progress.check()?,
            }
        }
    }

    /// Queues a call of `onProgress`. Returns `false` if the event loop is too busy to take another one. If the
    /// callback throws, the export is cancelled. `done` gets a message after the callback has returned. If it
    /// returned a promise, that is one turn of the event loop later, so that an immediate rejection still counts.
    fn send(&self, done: Option<SyncSender<()>>) -> bool {
        let (progress, thrown) = (Arc::clone(&self.progress), Arc::clone(&self.thrown));
        let status = self.function.call_with_return_value(
            ExportProgress::from(self.progress.report()),
            ThreadsafeFunctionCallMode::NonBlocking,
            move |outcome, env| {
                let watching = guarded(|| {
                    let returned = outcome.map_err(Failure::Thrown)?;
                    let is_watched = watch_promise(&env, returned, &progress, &thrown)?;
                    match &done {
                        Some(done) if is_watched => signal_next_turn(&env, done.clone())?,
                        Some(done) => signal(done),
                        None => {}
                    }
                    Ok(())
                });
                if let Err(failure) = watching {
                    thrown.set(take_thrown(&env).unwrap_or(failure));
                    progress.cancel();
                }
                // Not earlier: dropping the last sender ends the wait, too.
                drop(done);
                Ok(())
            },
        );
        status != Status::QueueFull
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// If `returned` is a promise, or another object with a `then`, lets its rejection cancel the export. A rejection
/// after the export has settled is ignored. Returns whether it is a promise.
fn watch_promise(
    env: &Env,
    returned: Unknown<'_>,
    progress: &Arc<Progress>,
    thrown: &Arc<Thrown>,
) -> Result<bool, Failure> {
    if !matches!(returned.get_type()?, ValueType::Object | ValueType::Function) {
        return Ok(false);
    }
    let promise = Object::from_raw(env.raw(), returned.raw());
    let then: Unknown<'_> = promise.get_named_property_unchecked("then")?;
    if then.get_type()? != ValueType::Function {
        return Ok(false);
    }
    // SAFETY: it is a function, as was just checked, and lives in the handle scope of this callback.
    let then: Function<'_, FnArgs<((), Handler<'_>)>, Unknown<'static>> = unsafe { then.cast()? };
    let (progress, thrown): (_, Weak<Thrown>) = (Arc::clone(progress), Arc::downgrade(thrown));
    let on_rejected: Handler<'_> = env.create_function_from_closure("failExport", move |call| {
        if let Some(thrown) = thrown.upgrade() {
            // A rejection without a reason has the reason `undefined`.
            let reason = if call.length() > 0 { call.get(0)? } else { undefined(call.env)? };
            thrown.set(Failure::Thrown(JsError::from_unknown_without_coercion(reason)));
            progress.cancel();
        }
        Ok(())
    })?;
    then.apply(promise, FnArgs::from(((), on_rejected)))?;
    Ok(true)
}

fn undefined(env: &Env) -> napi::Result<Unknown<'_>> {
    let value = Value::of(*env, ())?;
    // SAFETY: the value was just made with this `env`, in the handle scope of the callback under way.
    Ok(unsafe { Unknown::from_raw_unchecked(env.raw(), value.0) })
}

/// Signals `done` in a later turn of the event loop, when the handlers of promises that are settled by now have run.
fn signal_next_turn(env: &Env, done: SyncSender<()>) -> napi::Result<()> {
    let turn: Function<'_, (), ()> = env.create_function_from_closure("tellExport", move |_| {
        signal(&done);
        Ok(())
    })?;
    let later = turn.build_threadsafe_function::<()>().callee_handled::<false>().weak::<true>().build()?;
    later.call((), ThreadsafeFunctionCallMode::NonBlocking);
    Ok(())
}

fn signal(done: &SyncSender<()>) {
    // After a cancellation nobody receives it.
    let _ = done.try_send(());
}
