//! A call under way: its own thread, its promise, and the ways in which JavaScript and it reach each other.
//!
//! The work runs on a thread of its own, not on one of libuv's four, and settles the promise on the thread that it
//! belongs to. What must stay on that thread, such as the abort listener, is kept in a table there.

use std::cell::RefCell;
use std::collections::HashMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use napi::bindgen_prelude::{
    Env, Error as JsError, FnArgs, Function, FunctionRef, JsObjectValue, Object, ObjectRef, ToNapiValue,
    Unknown,
};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{CleanupEnvHook, JsDeferred, Status};

use super::failure::{Failure, take_thrown};
use super::types::ExportProgress;
use crate::error::{Error, Result};
use crate::progress::Progress;

/// Between two progress calls.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);
/// How soon a cancellation is noticed while JavaScript is waited for.
const PATIENCE: Duration = Duration::from_millis(5);
/// Progress calls that may wait for a busy event loop; more are dropped.
const PROGRESS_QUEUE: usize = 2;

/// The caller's `onProgress`.
pub(super) type ProgressCallback<'a> = Function<'a, ExportProgress, Unknown<'static>>;
type ProgressFunction =
    ThreadsafeFunction<ExportProgress, Unknown<'static>, ExportProgress, Status, false, true, PROGRESS_QUEUE>;
type Listener<'a> = Function<'a, Unknown<'static>, ()>;
type ListenerArguments<'a> = FnArgs<(&'static str, Listener<'a>)>;
type Settle<T> = Box<dyn FnOnce(Env) -> napi::Result<T> + Send>;
type Deferred<T> = JsDeferred<T, Settle<T>>;

/// A call under way, as its thread sees it.
pub(super) struct Running {
    progress: Arc<Progress>,
    on_progress: Option<Arc<ProgressFunction>>,
    ticker: Mutex<Option<Ticker>>,
    from_javascript: Arc<FromJavaScript>,
}

/// Values that JavaScript left for the rejection.
#[derive(Default)]
struct FromJavaScript {
    abort_reason: Mutex<Option<JsError>>,
    thrown: Mutex<Option<JsError>>,
}

/// What must stay on the thread of the call's environment.
struct OnTheirThread {
    hook: CleanupEnvHook<Cleanup>,
    listener: Option<AbortListener>,
}

/// What a closing environment does to a call: cancels it and waits.
struct Cleanup {
    number: u64,
    progress: Arc<Progress>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

thread_local! {
    /// The calls of this thread that are under way, by number.
    static UNDER_WAY: RefCell<HashMap<u64, OnTheirThread>> = RefCell::default();
}

/// A promise that is rejected already: with what code of the caller's threw, if it did, else with `failure`.
pub(super) fn reject<'env>(env: &'env Env, failure: Failure) -> napi::Result<Object<'env>> {
    let failure = take_thrown(env).map_or(failure, Failure::Thrown);
    let (deferred, promise): (Deferred<()>, _) = env.create_deferred()?;
    deferred.resolve(Box::new(move |env| Err(failure.into_rejection(env, None))));
    Ok(promise)
}

impl Running {
    /// Runs `work` on a thread of its own and returns the promise of its result.
    pub(super) fn start<'env, T: ToNapiValue + Send + 'static>(
        env: &'env Env,
        signal: Option<AbortSignal<'_>>,
        on_progress: Option<ProgressCallback<'_>>,
        work: impl FnOnce(&Self) -> Result<T> + Send + 'static,
    ) -> napi::Result<Object<'env>> {
        static NEXT_NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
        let progress = Arc::<Progress>::default();
        let from_javascript = Arc::<FromJavaScript>::default();
        let on_progress = on_progress.map(|callback| progress_function(&callback)).transpose()?;
        let listener =
            signal.map(|signal| signal.listen(env, &progress, &from_javascript)).transpose()?.flatten();

        let (deferred, promise): (Deferred<T>, _) = env.create_deferred()?;
        let thread = Arc::<Mutex<Option<JoinHandle<()>>>>::default();
        let cleanup = Cleanup { number, progress: Arc::clone(&progress), thread: Arc::clone(&thread) };
        let hook = env.add_env_cleanup_hook(cleanup, Cleanup::run)?;
        UNDER_WAY.with_borrow_mut(|calls| calls.insert(number, OnTheirThread { hook, listener }));

        let running = Self {
            ticker: Mutex::new(
                on_progress.as_ref().map(|function| Ticker::start(function, &progress, &from_javascript)),
            ),
            progress,
            on_progress,
            from_javascript,
        };
        let spawned = thread::Builder::new().name("telemetry-export".to_owned()).spawn(move || {
            let outcome = running.work(work);
            let from_javascript = Arc::clone(&running.from_javascript);
            drop(running);
            deferred.resolve(Box::new(move |env| settle(env, number, outcome, &from_javascript)));
        });
        match spawned {
            Ok(handle) => *thread.lock().unwrap_or_else(PoisonError::into_inner) = Some(handle),
            Err(error) => {
                let message = format!("cannot start a thread: {error}");
                return reject(env, Failure::Core(Error::Internal(message)));
            }
        }
        Ok(promise)
    }

    pub(super) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Tells the caller that everything is read and written, and waits until it has heard of it: what it throws must
    /// still be able to stop the export.
    pub(super) fn report_last_progress(&self) -> Result<()> {
        self.stop_ticker();
        let Some(function) = &self.on_progress else { return Ok(()) };
        let (heard, hearing) = sync_channel(1);
        while !send_progress(function, &self.progress, &self.from_javascript, Some(heard.clone())) {
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

    /// Does the work behind the one guard that keeps a panic of ours from ending the process.
    fn work<T>(&self, work: impl FnOnce(&Self) -> Result<T>) -> Result<T, Failure> {
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| work(self)));
        self.stop_ticker();
        match outcome {
            Ok(result) => result.map_err(Failure::from),
            Err(payload) => Err(Failure::panic(payload.as_ref())),
        }
    }

    fn stop_ticker(&self) {
        drop(self.ticker.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

/// Settles the promise, on the thread of its environment.
fn settle<T>(env: Env, number: u64, outcome: Result<T, Failure>, left: &FromJavaScript) -> napi::Result<T> {
    if let Some(call) = UNDER_WAY.with_borrow_mut(|calls| calls.remove(&number)) {
        env.remove_env_cleanup_hook(call.hook)?;
        if let Some(listener) = call.listener {
            listener.remove(&env);
        }
    }
    let take = |slot: &Mutex<Option<JsError>>| slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    outcome.map_err(|failure| match (failure, take(&left.thrown)) {
        (Failure::Core(Error::Cancelled), Some(thrown)) => thrown,
        (failure, _) => failure.into_rejection(env, take(&left.abort_reason)),
    })
}

impl Cleanup {
    fn run(self) {
        self.progress.cancel();
        // Its promise will never be settled: what belongs to the environment goes with it.
        if let Some(call) = UNDER_WAY.with_borrow_mut(|calls| calls.remove(&self.number)) {
            std::mem::forget(call);
        }
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // A panic was caught on the thread itself.
            let _ = thread.join();
        }
    }
}

/// An `AbortSignal` of the caller's.
pub(super) struct AbortSignal<'a>(Object<'a>);

/// Our listener on a signal.
struct AbortListener {
    signal: ObjectRef<false>,
    listener: FunctionRef<Unknown<'static>, ()>,
}

impl<'a> AbortSignal<'a> {
    /// `signal`, if it can be listened to.
    pub(super) fn of(signal: Object<'a>) -> Option<Self> {
        signal.get_named_property::<bool>("aborted").ok()?;
        signal.get_named_property::<Function<'_, ListenerArguments<'_>, ()>>("addEventListener").ok()?;
        signal.get_named_property::<Function<'_, ListenerArguments<'_>, ()>>("removeEventListener").ok()?;
        Some(Self(signal))
    }

    /// Has an abort cancel `progress`. napi's own type would take `onabort` from the caller, ignore a signal that is
    /// aborted already and work only once for each signal.
    fn listen(
        self,
        env: &Env,
        progress: &Arc<Progress>,
        left: &Arc<FromJavaScript>,
    ) -> napi::Result<Option<AbortListener>> {
        let signal = self.0;
        if signal.get_named_property("aborted")? {
            keep_reason(env, &signal, left);
            progress.cancel();
            return Ok(None);
        }
        let (progress, left) = (Arc::clone(progress), Arc::clone(left));
        let listener: Listener<'_> = env.create_function_from_closure("abort", move |call| {
            if let Ok(signal) = call.this::<Object<'_>>() {
                keep_reason(call.env, &signal, &left);
            }
            progress.cancel();
            Ok(())
        })?;
        signal
            .get_named_property::<Function<'_, ListenerArguments<'_>, ()>>("addEventListener")?
            .apply(signal, FnArgs::from(("abort", listener)))?;
        Ok(Some(AbortListener { signal: signal.create_ref()?, listener: listener.create_ref()? }))
    }
}

fn keep_reason(env: &Env, signal: &Object<'_>, left: &FromJavaScript) {
    let reason = signal.get_named_property_unchecked::<Unknown<'_>>("reason");
    // An abort without a reason that can be read is an abort all the same.
    let reason = reason.ok().map(JsError::from_unknown_without_coercion).or_else(|| take_thrown(env));
    *left.abort_reason.lock().unwrap_or_else(PoisonError::into_inner) = reason;
}

impl AbortListener {
    /// Takes the listener off, so that a signal that lives long does not collect them. A signal that fails here has
    /// nothing to do with how the export went.
    fn remove(self, env: &Env) {
        let _ = (|| {
            let signal = self.signal.get_value(env)?;
            let listener = self.listener.borrow_back(env)?;
            signal
                .get_named_property::<Function<'_, ListenerArguments<'_>, ()>>("removeEventListener")?
                .apply(signal, FnArgs::from(("abort", listener)))
        })();
        take_thrown(env);
        let _ = self.signal.unref(env);
    }
}

fn progress_function(callback: &ProgressCallback<'_>) -> napi::Result<Arc<ProgressFunction>> {
    callback
        .build_threadsafe_function::<ExportProgress>()
        .callee_handled::<false>()
        .weak::<true>()
        .max_queue_size::<PROGRESS_QUEUE>()
        .build()
        .map(Arc::new)
}

/// Calls `onProgress`, unless the event loop is too busy to take another call. Returns whether it was called. What it
/// throws cancels the export; `heard` is told when it returned.
fn send_progress(
    function: &ProgressFunction,
    progress: &Arc<Progress>,
    left: &Arc<FromJavaScript>,
    heard: Option<SyncSender<()>>,
) -> bool {
    let (shared_progress, left) = (Arc::clone(progress), Arc::clone(left));
    let status = function.call_with_return_value(
        ExportProgress::from(progress.report()),
        ThreadsafeFunctionCallMode::NonBlocking,
        move |outcome, _| {
            if let Err(thrown) = outcome {
                left.thrown.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(thrown);
                shared_progress.cancel();
            }
            if let Some(heard) = heard {
                // Nobody listens any more where the export was cancelled meanwhile.
                let _ = heard.try_send(());
            }
            Ok(())
        },
    );
    status != Status::QueueFull
}

/// A thread that reports progress at intervals until it is dropped.
struct Ticker {
    stop: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    fn start(function: &Arc<ProgressFunction>, progress: &Arc<Progress>, left: &Arc<FromJavaScript>) -> Self {
        let (stop, stopped) = sync_channel::<()>(0);
        let (function, progress, left) = (Arc::clone(function), Arc::clone(progress), Arc::clone(left));
        let ticking = move || {
            while stopped.recv_timeout(PROGRESS_INTERVAL) == Err(RecvTimeoutError::Timeout) {
                send_progress(&function, &progress, &left, None);
            }
        };
        // Without a thread for it there is no progress but the last, which no export depends on.
        let thread = thread::Builder::new().name("telemetry-progress".to_owned()).spawn(ticking).ok();
        Self { stop: Some(stop), thread }
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
