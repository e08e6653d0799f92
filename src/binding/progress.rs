//! The caller's `onProgress`, called from the thread of an export.

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

/// Between two calls.
const INTERVAL: Duration = Duration::from_millis(100);
/// How soon a cancellation is noticed while JavaScript is waited for.
const PATIENCE: Duration = Duration::from_millis(5);
/// Calls that may wait for a busy event loop; more are dropped.
const QUEUE: usize = 2;

/// The caller's `onProgress`.
pub(super) type ProgressCallback<'a> = Function<'a, ExportProgress, Unknown<'static>>;
type ProgressFunction =
    ThreadsafeFunction<ExportProgress, Unknown<'static>, ExportProgress, Status, false, true, QUEUE>;
type Handler<'a> = Function<'a, Unknown<'static>, ()>;

/// What the caller's `onProgress` failed with first: what it threw, or what a promise that it returned was rejected with.
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

/// A thread that reports at intervals until it is dropped.
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
            .max_queue_size::<QUEUE>()
            .build()?;
        Ok(Self { function: Arc::new(function), progress: Arc::clone(progress), thrown: Arc::clone(thrown) })
    }

    /// Reports at intervals. Without a thread for it there is no report but the last, which no export depends on.
    pub(super) fn start_ticker(&self) -> Ticker {
        let (stop, stopped) = sync_channel::<()>(0);
        let reporter = self.clone();
        let ticking = move || {
            while stopped.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
                reporter.send(None);
            }
        };
        let thread = thread::Builder::new().name("telemetry-progress".to_owned()).spawn(ticking).ok();
        Ticker { stop: Some(stop), thread }
    }

    /// Tells the caller that everything is read and written, and waits until it has heard of it: what it throws must
    /// still be able to stop the export.
    pub(super) fn report_last(&self) -> Result<()> {
        let (heard, hearing) = sync_channel(1);
        while !self.send(Some(heard.clone())) {
            self.progress.check()?;
            thread::sleep(PATIENCE);
        }
        drop(heard);
        loop {
            match hearing.recv_timeout(PATIENCE) {
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return self.progress.check(),
                Err(RecvTimeoutError::Timeout) => self.progress.check()?,
            }
        }
    }

    /// Calls `onProgress`, unless the event loop is too busy to take another call. Returns whether it was called. What it
    /// throws cancels the export. `heard` is told when it returned, and if it returned a promise, one turn of the event
    /// loop later: what such a promise is rejected with at once still counts.
    fn send(&self, heard: Option<SyncSender<()>>) -> bool {
        let (progress, thrown) = (Arc::clone(&self.progress), Arc::clone(&self.thrown));
        let status = self.function.call_with_return_value(
            ExportProgress::from(self.progress.report()),
            ThreadsafeFunctionCallMode::NonBlocking,
            move |outcome, env| {
                let watching = guarded(|| {
                    let returned = outcome.map_err(Failure::Thrown)?;
                    let is_watched = watch_promise(&env, returned, &progress, &thrown)?;
                    match &heard {
                        Some(heard) if is_watched => tell_next_turn(&env, heard.clone())?,
                        Some(heard) => tell(heard),
                        None => {}
                    }
                    Ok(())
                });
                if let Err(failure) = watching {
                    thrown.set(take_thrown(&env).unwrap_or(failure));
                    progress.cancel();
                }
                // Not before: whoever waits takes a sender that is gone for an answer.
                drop(heard);
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

/// Has a rejection of `returned`, if it is a promise or another object with a `then`, cancel the export. Nobody waits for
/// it, and a rejection after the export has settled is dropped. Returns whether it is one.
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
    // SAFETY: it was just seen to be a function, and lives in the handle scope of this callback.
    let then: Function<'_, FnArgs<((), Handler<'_>)>, Unknown<'static>> = unsafe { then.cast()? };
    let (progress, thrown): (_, Weak<Thrown>) = (Arc::clone(progress), Arc::downgrade(thrown));
    let on_rejected: Handler<'_> = env.create_function_from_closure("failExport", move |call| {
        if let Some(thrown) = thrown.upgrade() {
            // Who rejects without a reason rejects with `undefined`.
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

/// Tells `heard` in a later turn of the event loop, after everything that is settled now has had its say.
fn tell_next_turn(env: &Env, heard: SyncSender<()>) -> napi::Result<()> {
    let turn: Function<'_, (), ()> = env.create_function_from_closure("tellExport", move |_| {
        tell(&heard);
        Ok(())
    })?;
    let later = turn.build_threadsafe_function::<()>().callee_handled::<false>().weak::<true>().build()?;
    later.call((), ThreadsafeFunctionCallMode::NonBlocking);
    Ok(())
}

fn tell(heard: &SyncSender<()>) {
    // Nobody listens any more if the export was cancelled meanwhile.
    let _ = heard.try_send(());
}
