//! The caller's `AbortSignal`.

use std::sync::Arc;

use napi::bindgen_prelude::{Env, FnArgs, Function, FunctionRef, JsObjectValue, Object, ObjectRef, Unknown};

use super::failure::{Failure, take_thrown};
use crate::progress::Progress;

type Listener<'a> = Function<'a, Unknown<'static>, ()>;
type ListenerArguments<'a> = FnArgs<(&'static str, Listener<'a>)>;

/// An object that can be used like an `AbortSignal`.
pub(super) struct AbortSignal<'a>(Object<'a>);

/// A signal that a running call listens to.
pub(super) struct WatchedSignal {
    signal: ObjectRef<false>,
    /// `None` if the signal was already aborted.
    listener: Option<FunctionRef<Unknown<'static>, ()>>,
}

impl<'a> AbortSignal<'a> {
    /// Returns `None` if the object has no `aborted` or cannot be listened to.
    pub(super) fn of(signal: Object<'a>) -> Option<Self> {
        signal.get_named_property::<bool>("aborted").ok()?;
        signal.get_named_property::<Function<'_, ListenerArguments<'_>, ()>>("addEventListener").ok()?;
        signal.get_named_property::<Function<'_, ListenerArguments<'_>, ()>>("removeEventListener").ok()?;
        Some(Self(signal))
    }

    /// Cancels `progress` when the signal is aborted. napi's own type would replace the caller's `onabort`, ignore a
    /// signal that is already aborted, and work only once for each signal.
    pub(super) fn watch(self, env: &Env, progress: &Arc<Progress>) -> Result<WatchedSignal, Failure> {
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
        let add = signal.get_named_property::<Function<'_, ListenerArguments<'_>, ()>>("addEventListener")?;
        let watched = WatchedSignal { signal: signal.create_ref()?, listener: Some(listener.create_ref()?) };
        if let Err(error) = add.apply(signal, FnArgs::from(("abort", listener))) {
            // The listener may have been added before it threw.
            let thrown = take_thrown(env);
            watched.let_go(env);
            return Err(thrown.unwrap_or_else(|| error.into()));
        }
        Ok(watched)
    }
}

impl WatchedSignal {
    /// The reason of the abort, as its owner gave it.
    pub(super) fn reason<'env>(&self, env: &'env Env) -> Option<Unknown<'env>> {
        let signal = self.signal.get_value(env);
        let reason = signal.and_then(|signal| signal.get_named_property_unchecked("reason"));
        // If the reason cannot be read, the abort has none.
        take_thrown(env);
        reason.ok()
    }

    /// Removes the listener, so that a long-lived signal does not collect them. If this fails, the export does not.
    pub(super) fn let_go(self, env: &Env) {
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
