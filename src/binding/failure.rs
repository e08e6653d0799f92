//! Converts failures to JavaScript errors, and panics to failures.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::ptr;

use napi::bindgen_prelude::{Env, Error as JsError, Status, Unknown};
use napi::sys;

use super::members::{Members, Value};
use crate::error::Error;

/// Why a call failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// An error of the core.
    Core(Error),
    /// A value that the caller's JavaScript threw. It is passed on unchanged.
    Thrown(JsError),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl Failure {
    /// An `ERR_INVALID_ARG`.
    pub(super) fn argument(message: String) -> Self {
        Self::Core(Error::InvalidArgument(message))
    }

    /// An `ERR_INTERNAL` with the message of a panic.
    fn panic(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Self::Core(Error::Internal(text.unwrap_or("a panic without a message").to_owned()))
    }

    /// The value to reject a promise with. `cause` is the reason of an abort.
    pub(super) fn into_rejection(self, env: Env, cause: Option<Unknown<'_>>) -> JsError {
        match self {
            Self::Thrown(thrown) => thrown,
            Self::Core(error) => match error_object(env, &error, cause) {
                // SAFETY: the value was just made with this `env`, in the handle scope of
                // the call or callback under way.
                Ok(object) => JsError::from_unknown_without_coercion(unsafe {
                    Unknown::from_raw_unchecked(env.raw(), object)
                }),
                Err(failed) => failed,
            },
        }
    }

    /// Throws it from a synchronous function. The returned error tells napi that an exception is already pending.
    pub(super) fn throw(self, env: Env) -> JsError {
        let failure = take_thrown(&env).unwrap_or(self);
        let error = failure.into_rejection(env, None);
        match Value::of(env, error) {
            // SAFETY: the value was just made with this `env`, in the handle scope of the call under way.
            Ok(value) => unsafe {
                sys::napi_throw(env.raw(), value.0);
                JsError::new(Status::PendingException, String::new())
            },
            Err(failed) => failed,
        }
    }
}

/// A failed call of Node-API. If it failed because JavaScript threw, [`take_thrown`] returns what was thrown.
impl From<JsError> for Failure {
    fn from(error: JsError) -> Self {
        Self::Core(Error::Internal(format!("Node-API: {}: {}", error.status.as_ref(), error.reason)))
    }
}

/// Runs `work` and turns a panic into an `ERR_INTERNAL`, because a bug of ours must not end the host process. Every
/// function that Node calls goes through it, and so does the work of every thread.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    panic::catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|payload| Err(Failure::panic(payload.as_ref())))
}

fn error_object(env: Env, error: &Error, cause: Option<Unknown<'_>>) -> napi::Result<sys::napi_value> {
    let mut members = Members::new(env.raw());
    members.add("code", error.code())?;
    if matches!(error, Error::Cancelled) {
        members.add_hidden("name", "AbortError")?;
        if let Some(cause) = cause {
            members.add_hidden("cause", cause)?;
        }
    }
    members.add_optional("path", error.path().map(Path::to_string_lossy).as_deref())?;
    members.add_optional("osCode", error.os_code())?;
    members.into_error(&error.to_string())
}

/// Takes the pending exception: what the caller's code, such as a getter of its options, threw while we called it.
/// While an exception is pending, `env` can do nothing else, not even create a promise to reject.
pub(super) fn take_thrown(env: &Env) -> Option<Failure> {
    let mut thrown = ptr::null_mut();
    let mut is_waiting = false;
    // SAFETY: `env` is that of the call or callback under way on this thread, and both
    // pointers are valid for a write.
    let value = unsafe {
        if sys::napi_is_exception_pending(env.raw(), &mut is_waiting) != sys::Status::napi_ok || !is_waiting {
            return None;
        }
        if sys::napi_get_and_clear_last_exception(env.raw(), &mut thrown) != sys::Status::napi_ok {
            return None;
        }
        Unknown::from_raw_unchecked(env.raw(), thrown)
    };
    Some(Failure::Thrown(JsError::from_unknown_without_coercion(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_behind_the_guard_is_an_internal_error_with_its_message() {
        let number = 5;
        for (outcome, message) in [
            (guarded::<()>(|| panic!("no such luck")), "no such luck"),
            (guarded::<()>(|| panic!("no such luck: {number}")), "no such luck: 5"),
            (guarded::<()>(|| panic::panic_any(number)), "a panic without a message"),
        ] {
            let Err(Failure::Core(error)) = outcome else { panic!("no error of the core") };
            assert_eq!(error.code(), "ERR_INTERNAL");
            assert!(error.to_string().contains(message), "{error}");
        }
    }

    #[test]
    fn the_guard_returns_the_result_of_work_that_does_not_panic() {
        assert!(matches!(guarded(|| Ok(5)), Ok(5)));
        let outcome = guarded::<()>(|| Err(Failure::argument("wrong".to_owned())));
        assert!(matches!(outcome, Err(Failure::Core(Error::InvalidArgument(message))) if message == "wrong"));
    }
}
