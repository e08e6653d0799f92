/** Finds elements and attributes that could load, send or run something. */

/**
 * Runs in the page.
 *
 * @returns {string[]} a description of each place; links within the page are allowed
 */
export function externalReferences() {
	const names = new Set(
		"src srcset action formaction data poster ping background cite manifest archive codebase style".split(
			" ",
		),
	);
	const elements =
		"base, link, img, iframe, frame, object, embed, audio, video, form, input:not([type=search]), template, use, image";
	const found = [];
	for (const element of document.querySelectorAll("*")) {
		if (element.matches(elements)) {
			found.push(element.outerHTML.slice(0, 100));
		}
		for (const { name, value } of element.attributes) {
			const isLink = /^(xlink:)?href$/.test(name);
			const isBroken = isLink && !(value.startsWith("#") && document.getElementById(value.slice(1)));
			if (names.has(name) || name.startsWith("on") || isBroken || /url\(|javascript:/i.test(value)) {
				found.push(`${element.localName} ${name}="${value.slice(0, 100)}"`);
			}
		}
	}
	for (const style of document.querySelectorAll("style")) {
		for (const [address] of (style.textContent ?? "").matchAll(/@import|url\([^)]*\)|expression\(/gi)) {
			found.push(`style: ${address}`);
		}
	}
	return found;
}
