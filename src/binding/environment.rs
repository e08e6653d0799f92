//! The running calls of each Node environment, which is a main thread or a worker thread. When the environment closes
//! or the process exits, they are cancelled and waited for.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use napi::bindgen_prelude::{Env, FnArgs, Function, JsObjectValue, Object, Unknown};
use napi::sys;

use super::failure::take_thrown;
use super::signal::WatchedSignal;
use crate::progress::Progress;

/// A running call. It stays on the thread of its environment.
pub(super) struct Call {
    pub(super) stop: Stop,
    pub(super) signal: Option<WatchedSignal>,
}

/// Cancels a call and waits for its thread.
#[derive(Clone)]
pub(super) struct Stop {
    progress: Arc<Progress>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// The running calls of one environment.
#[derive(Default)]
struct Environment {
    calls: HashMap<u64, Call>,
    next_number: u64,
    /// Whether it listens to the exit of the process.
    listens_to_exit: bool,
}

thread_local! {
    /// The environments of this thread. An Electron window has one for each frame.
    static ENVIRONMENTS: RefCell<HashMap<sys::napi_env, Environment>> = RefCell::default();
}

impl Stop {
    pub(super) fn new(progress: &Arc<Progress>, thread: JoinHandle<()>) -> Self {
        Self { progress: Arc::clone(progress), thread: Arc::new(Mutex::new(Some(thread))) }
    }

    /// Waits for the thread of the call, unless somebody else already does.
    fn wait(&self) {
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // It never panics: its work is guarded against panics.
            let _ = thread.join();
        }
    }

    fn end_all(calls: &[Self]) {
        calls.iter().for_each(|call| call.progress.cancel());
        calls.iter().for_each(Self::wait);
    }
}

/// Prepares an environment for calls. It gets a single cleanup hook for all of them, because napi
/// never frees a hook that is removed.
pub(super) fn prepare(env: &Env) -> napi::Result<()> {
    let key = env.raw();
    if !ENVIRONMENTS.with_borrow(|environments| environments.contains_key(&key)) {
        env.add_env_cleanup_hook((), move |()| close(key))?;
        ENVIRONMENTS.with_borrow_mut(|environments| environments.insert(key, Environment::default()));
    }
    if !ENVIRONMENTS.with_borrow(|environments| environments[&key].listens_to_exit)
        && listen_to_exit(env).is_err()
    {
        // An environment without a `process` object has no exit event.
        take_thrown(env);
    }
    Ok(())
}

/// Adds a running call. Returns its number.
pub(super) fn enter(env: &Env, call: Call) -> u64 {
    ENVIRONMENTS.with_borrow_mut(|environments| {
        let environment = environments.entry(env.raw()).or_default();
        let number = environment.next_number;
        environment.next_number += 1;
        environment.calls.insert(number, call);
        number
    })
}

/// Removes a call that ended.
pub(super) fn leave(env: &Env, number: u64) -> Option<Call> {
    ENVIRONMENTS.with_borrow_mut(|environments| environments.get_mut(&env.raw())?.calls.remove(&number))
}

/// Cancels the calls of an environment that closes, and waits for them. Their promises are never settled.
fn close(env: sys::napi_env) {
    let Some(environment) = ENVIRONMENTS.with_borrow_mut(|environments| environments.remove(&env)) else {
        return;
    };
    let mut stops = Vec::new();
    for call in environment.calls.into_values() {
        stops.push(call.stop);
        // The environment frees what belongs to it.
        std::mem::forget(call.signal);
    }
    Stop::end_all(&stops);
}

/// Cancels the calls of this environment when the process exits, and waits for them. At exit Node closes the
/// environments of worker threads, but not the one of the main thread.
fn listen_to_exit(env: &Env) -> napi::Result<()> {
    type On<'a> = Function<'a, FnArgs<(&'static str, Function<'a, Unknown<'static>, ()>)>, Unknown<'static>>;
    let key = env.raw();
    let process: Object<'_> = env.get_global()?.get_named_property("process")?;
    let listener = env.create_function_from_closure("cancelExports", move |_| {
        let stops: Vec<_> = ENVIRONMENTS.with_borrow(|environments| {
            let calls = environments.get(&key).map(|environment| environment.calls.values());
            calls.into_iter().flatten().map(|call| call.stop.clone()).collect()
        });
        Stop::end_all(&stops);
        Ok(())
    })?;
    process.get_named_property::<On<'_>>("on")?.apply(process, FnArgs::from(("exit", listener)))?;
    ENVIRONMENTS.with_borrow_mut(|environments| environments.entry(key).or_default().listens_to_exit = true);
    Ok(())
}
