/**
 * Preloaded with `--require`. Emits the signals that its parent names in messages. On Windows a process cannot send another
 * one a signal that it could handle.
 */

"use strict";

process.on("message", (/** @type {NodeJS.Signals} */ name) => process.emit(name, name));
process.channel?.unref();
