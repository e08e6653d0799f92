/**
 * The part of playwright-core that these tests use. Declared here, so that the type checker of the repository needs no
 * installation of their tools.
 */
declare module "playwright-core" {
	/** An element of the page, in functions that run there. */
	export interface PageElement {
		readonly classList: { contains(name: string): boolean };
		readonly className: string;
		readonly textContent: string | null;
		/** Of a text field or a select box. */
		readonly value?: string;
		getAttribute(name: string): string | null;
		getBoundingClientRect(): { readonly top: number };
		getClientRects(): { readonly length: number };
		querySelector(selector: string): PageElement | null;
		querySelectorAll(selector: string): Iterable<PageElement>;
	}

	export interface Box {
		readonly x: number;
		readonly y: number;
		readonly width: number;
		readonly height: number;
	}

	export interface Locator {
		boundingBox(): Promise<Box | null>;
		click(options?: { timeout?: number }): Promise<void>;
		count(): Promise<number>;
		evaluateAll<Result>(work: (elements: PageElement[]) => Result): Promise<Result>;
		filter(options: { hasText?: string | RegExp; visible?: boolean }): Locator;
		first(): Locator;
		inputValue(): Promise<string>;
		innerText(): Promise<string>;
		isVisible(): Promise<boolean>;
		locator(selector: string, options?: { hasText?: string | RegExp }): Locator;
		waitFor(options?: {
			state?: "attached" | "detached" | "hidden" | "visible";
			timeout?: number;
		}): Promise<void>;
	}

	export interface Page {
		readonly keyboard: {
			insertText(text: string): Promise<void>;
			press(key: string): Promise<void>;
			type(text: string): Promise<void>;
		};
		evaluate(expression: string): Promise<unknown>;
		goto(url: string, options?: { timeout?: number }): Promise<unknown>;
		locator(selector: string, options?: { hasText?: string | RegExp }): Locator;
		reload(options?: { timeout?: number }): Promise<unknown>;
		screenshot(options: { path: string; clip?: Box; timeout?: number }): Promise<unknown>;
		setDefaultTimeout(timeout: number): void;
	}

	export interface BrowserContext {
		close(): Promise<void>;
		newPage(): Promise<Page>;
	}

	export interface Browser {
		close(): Promise<void>;
		newContext(options: {
			viewport: { width: number; height: number };
			deviceScaleFactor?: number;
			colorScheme?: "dark" | "light";
			locale?: string;
			permissions?: string[];
		}): Promise<BrowserContext>;
	}

	export const chromium: {
		launch(options: {
			executablePath: string;
			args: string[];
			env: Record<string, string | undefined>;
			timeout: number;
		}): Promise<Browser>;
	};
}
