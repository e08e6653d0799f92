//! Makes objects, arrays and errors for JavaScript. It defines members instead of assigning them, so that setters and
//! read-only properties on `Object.prototype`, `Array.prototype` or `Error.prototype` have no effect.

use std::ffi::c_char;
use std::ptr;

use napi::bindgen_prelude::{Env, Error as JsError, Status, ToNapiValue};
use napi::sys;

/// Array entries that are defined in one call.
const LIST_ENTRIES_AT_ONCE: usize = 256;

/// The members of an object that will be created.
pub(super) struct Members {
    env: sys::napi_env,
    properties: Vec<sys::napi_property_descriptor>,
}

impl Members {
    pub(super) fn new(env: sys::napi_env) -> Self {
        Self { env, properties: Vec::new() }
    }

    /// Adds a member with the attributes that an assignment would give it.
    pub(super) fn add(&mut self, name: &str, value: impl ToNapiValue) -> napi::Result<()> {
        let attributes = sys::PropertyAttributes::writable
            | sys::PropertyAttributes::enumerable
            | sys::PropertyAttributes::configurable;
        self.add_with(name, value, attributes)
    }

    /// Adds a member that is not enumerable, like the `message` of an error.
    pub(super) fn add_hidden(&mut self, name: &str, value: impl ToNapiValue) -> napi::Result<()> {
        let attributes = sys::PropertyAttributes::writable | sys::PropertyAttributes::configurable;
        self.add_with(name, value, attributes)
    }

    /// Adds a member if it has a value.
    pub(super) fn add_optional(&mut self, name: &str, value: Option<impl ToNapiValue>) -> napi::Result<()> {
        value.map_or(Ok(()), |value| self.add(name, value))
    }

    fn add_with(
        &mut self,
        name: &str,
        value: impl ToNapiValue,
        attributes: sys::napi_property_attributes,
    ) -> napi::Result<()> {
        // SAFETY: `env` is that of the call or callback under way on this thread.
        let (name, value) =
            unsafe { (create_string(self.env, name)?, ToNapiValue::to_napi_value(self.env, value)?) };
        self.properties.push(sys::napi_property_descriptor {
            utf8name: ptr::null(),
            name,
            method: None,
            getter: None,
            setter: None,
            value,
            attributes,
            data: ptr::null_mut(),
        });
        Ok(())
    }

    /// Creates an object with these members.
    pub(super) fn into_object(self) -> napi::Result<sys::napi_value> {
        let mut object = ptr::null_mut();
        // SAFETY: `env` is that of the call or callback under way on this thread, and `object` is valid for a write.
        check(unsafe { sys::napi_create_object(self.env, &mut object) })?;
        self.define_on(object)?;
        Ok(object)
    }

    /// Creates an `Error` with a message and these members.
    pub(super) fn into_error(self, message: &str) -> napi::Result<sys::napi_value> {
        let mut error = ptr::null_mut();
        // SAFETY: `env` is that of the call or callback under way on this thread, and `error` is valid for a write.
        // It gets no code, which Node-API would assign.
        unsafe {
            let message = create_string(self.env, message)?;
            check(sys::napi_create_error(self.env, ptr::null_mut(), message, &mut error))?;
        }
        self.define_on(error)?;
        Ok(error)
    }

    fn define_on(self, object: sys::napi_value) -> napi::Result<()> {
        let Self { env, properties } = self;
        // SAFETY: the values were made in the handle scope of the call or callback under way, with its `env`, and
        // `properties` outlives the call.
        check(unsafe { sys::napi_define_properties(env, object, properties.len(), properties.as_ptr()) })
    }
}

/// A JavaScript array.
pub struct List<T>(pub(super) Vec<T>);

impl<T, S: Into<T>> FromIterator<S> for List<T> {
    fn from_iter<I: IntoIterator<Item = S>>(entries: I) -> Self {
        Self(entries.into_iter().map(Into::into).collect())
    }
}

impl<T: ToNapiValue> ToNapiValue for List<T> {
    unsafe fn to_napi_value(env: sys::napi_env, list: Self) -> napi::Result<sys::napi_value> {
        let mut array = ptr::null_mut();
        // SAFETY: the caller's promise about `env`, and `array` is valid for a write.
        check(unsafe { sys::napi_create_array_with_length(env, list.0.len(), &mut array) })?;
        let mut entries = list.0.into_iter().enumerate().peekable();
        while entries.peek().is_some() {
            let mut members = Members::new(env);
            for (index, entry) in entries.by_ref().take(LIST_ENTRIES_AT_ONCE) {
                members.add(&index.to_string(), entry)?;
            }
            members.define_on(array)?;
        }
        Ok(array)
    }
}

/// # Safety
/// `env` is that of the call or callback under way on this thread.
unsafe fn create_string(env: sys::napi_env, text: &str) -> napi::Result<sys::napi_value> {
    let length = isize::try_from(text.len()).expect("a text is shorter than half of the address space");
    let mut value = ptr::null_mut();
    // SAFETY: the caller's promise about `env`; the text is valid for `length` bytes, and `value` for a write.
    check(unsafe { sys::napi_create_string_utf8(env, text.as_ptr().cast::<c_char>(), length, &mut value) })?;
    Ok(value)
}

fn check(status: sys::napi_status) -> napi::Result<()> {
    if status == sys::Status::napi_ok {
        Ok(())
    } else {
        Err(JsError::new(Status::from(status), "Node-API refused to make an object".to_owned()))
    }
}

/// A JavaScript value that is returned to JavaScript before its handle scope closes.
pub(super) struct Value(pub(super) sys::napi_value);

impl Value {
    /// Converts `value` on the thread of `env`.
    pub(super) fn of(env: Env, value: impl ToNapiValue) -> napi::Result<Self> {
        // SAFETY: `env` is that of the call or callback under way on this thread.
        unsafe { ToNapiValue::to_napi_value(env.raw(), value) }.map(Self)
    }
}

impl ToNapiValue for Value {
    unsafe fn to_napi_value(_env: sys::napi_env, value: Self) -> napi::Result<sys::napi_value> {
        Ok(value.0)
    }
}
