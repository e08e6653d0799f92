//! Errors as JavaScript sees them.

use std::any::Any;
use std::ptr;

use napi::bindgen_prelude::{Env, Error as JsError, JsValue, Object, Status, Unknown};
use napi::sys;

use crate::error::Error;

/// A stable code in the place of napi's own status.
#[derive(Debug)]
pub struct Code(&'static str);

impl AsRef<str> for Code {
    fn as_ref(&self) -> &str {
        self.0
    }
}

/// Why a call failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The core says so.
    Core(Error),
    /// A value that JavaScript threw, handed back as it is.
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

    /// An `ERR_INTERNAL` from what a panic left.
    pub(super) fn panic(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Self::Core(Error::Internal(text.unwrap_or("a panic without a message").to_owned()))
    }

    /// The value to reject a promise with. `cause`: why the caller aborted.
    pub(super) fn into_rejection(self, env: Env, cause: Option<Unknown<'_>>) -> JsError {
        match self {
            Self::Thrown(thrown) => thrown,
            Self::Core(error) => match error_object(env, &error, cause) {
                Ok(object) => JsError::from_unknown_without_coercion(object.to_unknown()),
                Err(failed) => failed,
            },
        }
    }
}

fn error_object(env: Env, error: &Error, cause: Option<Unknown<'_>>) -> napi::Result<Object<'static>> {
    let object = env.create_error(JsError::new(Status::GenericFailure, error.to_string()))?;
    // The object lives in the handle scope of the callback that settles the promise, as does all that is made here.
    let mut object = Object::from_raw(env.raw(), object.raw());
    object.set("code", error.code())?;
    if matches!(error, Error::Cancelled) {
        object.set("name", "AbortError")?;
        if let Some(cause) = cause {
            object.set("cause", cause)?;
        }
    }
    if let Some(path) = error.path() {
        object.set("path", path.to_string_lossy().as_ref())?;
    }
    if let Some(os_code) = error.os_code() {
        object.set("osCode", os_code)?;
    }
    Ok(object)
}

/// What code of the caller's threw while we called it, such as a getter of its options. While it waits to be thrown
/// nothing else can be asked of `env`, not even a promise to reject.
pub(super) fn take_thrown(env: &Env) -> Option<JsError> {
    let mut thrown = ptr::null_mut();
    let mut is_waiting = false;
    // SAFETY: `env` is that of the call or callback under way on this thread, and both pointers are valid for a write.
    let value = unsafe {
        if sys::napi_is_exception_pending(env.raw(), &mut is_waiting) != sys::Status::napi_ok || !is_waiting {
            return None;
        }
        if sys::napi_get_and_clear_last_exception(env.raw(), &mut thrown) != sys::Status::napi_ok {
            return None;
        }
        Unknown::from_raw_unchecked(env.raw(), thrown)
    };
    Some(JsError::from_unknown_without_coercion(value))
}

/// The error that a synchronous function throws.
pub(super) fn thrown(failure: Failure) -> JsError<Code> {
    match failure {
        Failure::Core(error) => JsError::new(Code(error.code()), error.to_string()),
        Failure::Thrown(error) => JsError::new(Code("ERR_INTERNAL"), error.reason.clone()),
    }
}
