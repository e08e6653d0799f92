"use strict";

/**
 * @param {unknown} error anything that was thrown
 * @returns {string} its message
 */
function messageOf(error) {
	return error instanceof Error ? error.message : String(error);
}

module.exports = { messageOf };
