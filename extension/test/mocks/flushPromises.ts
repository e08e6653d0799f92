/** Resolves after the reactions of all settled promises have run. */
export function flushPromises(): Promise<void> {
	return new Promise((resolve) => {
		setImmediate(resolve);
	});
}
