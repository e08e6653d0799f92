//! A call under way: its own thread, its promise, and the ways in which JavaScript and it reach each other.
//!
//! The work runs on a thread of its own, not on one of libuv's four, and settles the promise on the thread that it
//! belongs to. What must stay on that thread, such as the abort listener, is kept in a table there.

use std::cell::{Cell, RefCell};
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
    thrown: Thrown,
}

/// What the caller's `onProgress` threw first.
type Thrown = Arc<Mutex<Option<JsError>>>;

/// What must stay on the thread of the call's environment.
struct OnTheirThread {
    stop: Stop,
    hook: CleanupEnvHook<Cleanup>,
    signal: Option<WatchedSignal>,
}

/// What a closing environment does to a call: cancels it and waits.
struct Cleanup {
    number: u64,
    stop: Stop,
}

/// The means to end a call early.
#[derive(Clone)]
struct Stop {
    progress: Arc<Progress>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

thread_local! {
    /// The calls of this thread that are under way, by number.
    static UNDER_WAY: RefCell<HashMap<u64, OnTheirThread>> = RefCell::default();
    /// Whether they are cancelled when the process exits.
    static HEEDS_EXIT: Cell<bool> = const { Cell::new(false) };
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
        if heed_exit(env).is_err() {
            // An environment without a `process` to listen to has no exit to heed either.
            take_thrown(env);
        }
        let progress = Arc::<Progress>::default();
        let thrown = Thrown::default();
        let on_progress = on_progress.map(|callback| progress_function(&callback)).transpose()?;
        let signal = signal.map(|signal| signal.watch(env, &progress)).transpose()?;

        let (deferred, promise): (Deferred<T>, _) = env.create_deferred()?;
        let stop = Stop { progress: Arc::clone(&progress), thread: Arc::default() };
        let thread = Arc::clone(&stop.thread);
        let hook = env.add_env_cleanup_hook(Cleanup { number, stop: stop.clone() }, Cleanup::run)?;
        UNDER_WAY.with_borrow_mut(|calls| calls.insert(number, OnTheirThread { stop, hook, signal }));

        let running = Self {
            ticker: Mutex::new(
                on_progress.as_ref().map(|function| Ticker::start(function, &progress, &thrown)),
            ),
            progress,
            on_progress,
            thrown,
        };
        let spawned = thread::Builder::new().name("telemetry-export".to_owned()).spawn(move || {
            let outcome = running.work(work);
            let thrown = Arc::clone(&running.thrown);
            drop(running);
            deferred.resolve(Box::new(move |env| settle(env, number, outcome, &thrown)));
        });
        match spawned {
            Ok(handle) => *thread.lock().unwrap_or_else(PoisonError::into_inner) = Some(handle),
            Err(error) => {
                return reject(env, Failure::Core(Error::thread(error)));
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
        while !send_progress(function, &self.progress, &self.thrown, Some(heard.clone())) {
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
fn settle<T>(env: Env, number: u64, outcome: Result<T, Failure>, thrown: &Thrown) -> napi::Result<T> {
    let call = UNDER_WAY.with_borrow_mut(|calls| calls.remove(&number));
    let signal =
        call.map(|call| env.remove_env_cleanup_hook(call.hook).map(|()| call.signal)).transpose()?.flatten();
    let outcome = outcome.map_err(|failure| {
        let thrown = thrown.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (failure, thrown) {
            (Failure::Core(Error::Cancelled), Some(thrown)) => thrown,
            (failure, _) => {
                failure.into_rejection(env, signal.as_ref().and_then(|signal| signal.reason(&env)))
            }
        }
    });
    if let Some(signal) = signal {
        signal.let_go(&env);
    }
    outcome
}

impl Cleanup {
    fn run(self) {
        // Its promise will never be settled: what belongs to the environment goes with it.
        if let Some(call) = UNDER_WAY.with_borrow_mut(|calls| calls.remove(&self.number)) {
            std::mem::forget(call);
        }
        self.stop.progress.cancel();
        self.stop.wait();
    }
}

impl Stop {
    fn wait(&self) {
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // A panic was caught on the thread itself.
            let _ = thread.join();
        }
    }
}

/// Has the exit of the process cancel the calls of this thread and wait for them. Node closes the environments of its
/// worker threads when it exits, but not that of its main thread.
fn heed_exit(env: &Env) -> napi::Result<()> {
    type On<'a> = Function<'a, FnArgs<(&'static str, Function<'a, Unknown<'static>, ()>)>, Unknown<'static>>;
    if HEEDS_EXIT.get() {
        return Ok(());
    }
    let process: Object<'_> = env.get_global()?.get_named_property("process")?;
    let listener = env.create_function_from_closure("cancelExports", |_| {
        let calls: Vec<_> =
            UNDER_WAY.with_borrow(|calls| calls.values().map(|call| call.stop.clone()).collect());
        calls.iter().for_each(|call| call.progress.cancel());
        calls.iter().for_each(Stop::wait);
        Ok(())
    })?;
    process.get_named_property::<On<'_>>("on")?.apply(process, FnArgs::from(("exit", listener)))?;
    HEEDS_EXIT.set(true);
    Ok(())
}

/// An `AbortSignal` of the caller's.
pub(super) struct AbortSignal<'a>(Object<'a>);

/// A signal that a call under way obeys.
struct WatchedSignal {
    signal: ObjectRef<false>,
    /// None on a signal that was aborted already.
    listener: Option<FunctionRef<Unknown<'static>, ()>>,
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
    fn watch(self, env: &Env, progress: &Arc<Progress>) -> napi::Result<WatchedSignal> {
        let signal = self.0;
        if signal.get_named_property("aborted")? {
            progress.cancel();
            return Ok(WatchedSignal { signal: signal.create_ref()?, listener: None });
        }
        let progress = Arc::clone(progress);
        let listener: Listener<'_> = env.create_function_from_closure("abort", move |_| {
            progress.cancel();
            Ok(())
        })?;
        signal
            .get_named_property::<Function<'_, ListenerArguments<'_>, ()>>("addEventListener")?
            .apply(signal, FnArgs::from(("abort", listener)))?;
        Ok(WatchedSignal { signal: signal.create_ref()?, listener: Some(listener.create_ref()?) })
    }
}

impl WatchedSignal {
    /// Why the signal was aborted, exactly as its owner said it.
    fn reason<'env>(&self, env: &'env Env) -> Option<Unknown<'env>> {
        let signal = self.signal.get_value(env);
        let reason = signal.and_then(|signal| signal.get_named_property_unchecked("reason"));
        // An abort whose reason cannot be read is an abort all the same.
        take_thrown(env);
        reason.ok()
    }

    /// Takes the listener off, so that a signal that lives long does not collect them. A signal that fails here has
    /// nothing to do with how the export went.
    fn let_go(self, env: &Env) {
        let _ = (|| {
            let Some(listener) = &self.listener else { return Ok(()) };
            let signal = self.signal.get_value(env)?;
            let listener = listener.borrow_back(env)?;
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
    thrown: &Thrown,
    heard: Option<SyncSender<()>>,
) -> bool {
    let (shared_progress, slot) = (Arc::clone(progress), Arc::clone(thrown));
    let status = function.call_with_return_value(
        ExportProgress::from(progress.report()),
        ThreadsafeFunctionCallMode::NonBlocking,
        move |outcome, _| {
            if let Err(thrown) = outcome {
                slot.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(thrown);
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
    fn start(function: &Arc<ProgressFunction>, progress: &Arc<Progress>, thrown: &Thrown) -> Self {
        let (stop, stopped) = sync_channel::<()>(0);
        let (function, progress, thrown) = (Arc::clone(function), Arc::clone(progress), Arc::clone(thrown));
        let ticking = move || {
            while stopped.recv_timeout(PROGRESS_INTERVAL) == Err(RecvTimeoutError::Timeout) {
                send_progress(&function, &progress, &thrown, None);
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
