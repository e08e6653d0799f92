//! The caller's `AbortSignal`.

use std::sync::Arc;

use napi::bindgen_prelude::{Env, FnArgs, Function, FunctionRef, JsObjectValue, Object, ObjectRef, Unknown};

use super::failure::{Failure, take_thrown};
use crate::progress::Progress;

type Listener<'a> = Function<'a, Unknown<'static>, ()>;
type ListenerArguments<'a> = FnArgs<(&'static str, Listener<'a>)>;

/// An `AbortSignal` of the caller's.
pub(super) struct AbortSignal<'a>(Object<'a>);

/// A signal that a call under way obeys.
pub(super) struct WatchedSignal {
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
            // It may have added the listener before it threw.
            let thrown = take_thrown(env);
            watched.let_go(env);
            return Err(thrown.unwrap_or_else(|| error.into()));
        }
        Ok(watched)
    }
}

impl WatchedSignal {
    /// Why the signal was aborted, exactly as its owner said it.
    pub(super) fn reason<'env>(&self, env: &'env Env) -> Option<Unknown<'env>> {
        let signal = self.signal.get_value(env);
        let reason = signal.and_then(|signal| signal.get_named_property_unchecked("reason"));
        // An abort whose reason cannot be read is an abort all the same.
        take_thrown(env);
        reason.ok()
    }

    /// Takes the listener off, so that a signal that lives long does not collect them. A signal that fails here has
    /// nothing to do with how the export went.
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
