/** Ends when all that only waits for its turn has had it: promises that are settled already, and what follows. */
export function everythingQueued(): Promise<void> {
	return new Promise((resolve) => {
		setImmediate(resolve);
	});
}
