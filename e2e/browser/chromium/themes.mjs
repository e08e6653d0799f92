/**
 * The looks that a page can have: those of a browser, and those that VS Code gives to a webview. VS Code puts classes on
 * the body, and variables into the style of the root element.
 */

/**
 * @typedef {object} EditorTheme
 * @property {string} bodyClass
 * @property {Record<string, string>} variables without their prefix `--vscode-`
 */

/**
 * @typedef {object} Look
 * @property {string} name
 * @property {"light" | "dark"} appearance what the page should look like
 * @property {"light" | "dark"} scheme of the system; in the editor the opposite, because the editor's theme decides
 * @property {boolean} [forcedColors]
 * @property {EditorTheme} [theme]
 */

const fontFamily = 'system-ui, "Ubuntu", "Droid Sans", sans-serif';
const fontVariables = {
	"font-family": fontFamily,
	"font-weight": "normal",
	"font-size": "13px",
	"editor-font-family": '"Droid Sans Mono", monospace',
	"editor-font-weight": "normal",
	"editor-font-size": "14px",
};

/** Light Modern. */
const light = {
	...fontVariables,
	"badge-background": "#cccccc",
	"badge-foreground": "#3b3b3b",
	"button-background": "#005fb8",
	"button-foreground": "#ffffff",
	"charts-blue": "#1a85ff",
	"charts-foreground": "#3b3b3b",
	"charts-green": "#388a34",
	"charts-lines": "rgba(59, 59, 59, 0.5)",
	"charts-orange": "#d18616",
	"charts-purple": "#652d90",
	"charts-red": "#e51400",
	"charts-yellow": "#bf8803",
	descriptionForeground: "#3b3b3b",
	"editor-background": "#ffffff",
	"editor-foreground": "#3b3b3b",
	"editorError-foreground": "#e51400",
	"editorInfo-foreground": "#1a85ff",
	"editorWarning-foreground": "#bf8803",
	"editorWidget-background": "#f8f8f8",
	"editorWidget-border": "#c8c8c8",
	"editorWidget-foreground": "#3b3b3b",
	errorForeground: "#f85149",
	focusBorder: "#005fb8",
	foreground: "#3b3b3b",
	"input-background": "#ffffff",
	"input-border": "#cecece",
	"input-foreground": "#3b3b3b",
	"input-placeholderForeground": "#767676",
	"inputValidation-warningBackground": "#f6f5d2",
	"inputValidation-warningBorder": "#b89500",
	"list-hoverBackground": "#f2f2f2",
	"panel-border": "#e5e5e5",
	"sideBar-background": "#f8f8f8",
	"textBlockQuote-background": "#f8f8f8",
	"textBlockQuote-border": "#e5e5e5",
	"textCodeBlock-background": "#f8f8f8",
	"textLink-activeForeground": "#005fb8",
	"textLink-foreground": "#005fb8",
	"textSeparator-foreground": "#21262d",
	"widget-border": "#e5e5e5",
};

/** Dark Modern. */
const dark = {
	...fontVariables,
	"badge-background": "#616161",
	"badge-foreground": "#f8f8f8",
	"button-background": "#0078d4",
	"button-foreground": "#ffffff",
	"charts-blue": "#3794ff",
	"charts-foreground": "#cccccc",
	"charts-green": "#89d185",
	"charts-lines": "rgba(204, 204, 204, 0.5)",
	"charts-orange": "#d18616",
	"charts-purple": "#b180d7",
	"charts-red": "#f14c4c",
	"charts-yellow": "#cca700",
	descriptionForeground: "#9d9d9d",
	"editor-background": "#1f1f1f",
	"editor-foreground": "#cccccc",
	"editorError-foreground": "#f14c4c",
	"editorInfo-foreground": "#3794ff",
	"editorWarning-foreground": "#cca700",
	"editorWidget-background": "#202020",
	"editorWidget-border": "#454545",
	"editorWidget-foreground": "#cccccc",
	errorForeground: "#f85149",
	focusBorder: "#0078d4",
	foreground: "#cccccc",
	"input-background": "#313131",
	"input-border": "#3c3c3c",
	"input-foreground": "#cccccc",
	"input-placeholderForeground": "#989898",
	"inputValidation-warningBackground": "#352a05",
	"inputValidation-warningBorder": "#b89500",
	"list-hoverBackground": "#2a2d2e",
	"panel-border": "#2b2b2b",
	"sideBar-background": "#181818",
	"textBlockQuote-background": "#2b2b2b",
	"textBlockQuote-border": "#616161",
	"textCodeBlock-background": "#2b2b2b",
	"textLink-activeForeground": "#4daafc",
	"textLink-foreground": "#4daafc",
	"textSeparator-foreground": "#21262d",
	"widget-border": "#313131",
};

/** Dark High Contrast. */
const highContrast = {
	...fontVariables,
	"badge-background": "#000000",
	"badge-foreground": "#ffffff",
	"button-foreground": "#ffffff",
	"charts-blue": "#3794ff",
	"charts-foreground": "#ffffff",
	"charts-green": "#89d185",
	"charts-lines": "rgba(255, 255, 255, 0.5)",
	"charts-orange": "#ab5a00",
	"charts-purple": "#b180d7",
	"charts-red": "#f48771",
	"charts-yellow": "#ffd370",
	contrastActiveBorder: "#f38518",
	contrastBorder: "#6fc3df",
	descriptionForeground: "rgba(255, 255, 255, 0.7)",
	"editor-background": "#000000",
	"editor-foreground": "#ffffff",
	"editorError-foreground": "#f48771",
	"editorInfo-foreground": "#3794ff",
	"editorWarning-foreground": "#ffd370",
	"editorWidget-background": "#0c141f",
	"editorWidget-border": "#6fc3df",
	"editorWidget-foreground": "#ffffff",
	errorForeground: "#f48771",
	focusBorder: "#f38518",
	foreground: "#ffffff",
	"input-background": "#000000",
	"input-border": "#6fc3df",
	"input-foreground": "#ffffff",
	"input-placeholderForeground": "rgba(255, 255, 255, 0.7)",
	"inputValidation-warningBackground": "#000000",
	"inputValidation-warningBorder": "#6fc3df",
	"list-hoverBackground": "rgba(255, 255, 255, 0.1)",
	"panel-border": "#6fc3df",
	"sideBar-background": "#000000",
	"textBlockQuote-border": "#ffffff",
	"textCodeBlock-background": "#000000",
	"textLink-activeForeground": "#21a6ff",
	"textLink-foreground": "#21a6ff",
	"textSeparator-foreground": "#000000",
	"widget-border": "#6fc3df",
};

/** Light High Contrast. */
const highContrastLight = {
	...fontVariables,
	"badge-background": "#0f4a85",
	"badge-foreground": "#ffffff",
	"button-background": "#0f4a85",
	"button-foreground": "#ffffff",
	"charts-blue": "#1a85ff",
	"charts-foreground": "#292929",
	"charts-green": "#374e06",
	"charts-lines": "rgba(41, 41, 41, 0.5)",
	"charts-orange": "#0f4a85",
	"charts-purple": "#652d90",
	"charts-red": "#b5200d",
	"charts-yellow": "#895503",
	contrastActiveBorder: "#006bbd",
	contrastBorder: "#0f4a85",
	descriptionForeground: "rgba(41, 41, 41, 0.7)",
	"editor-background": "#ffffff",
	"editor-foreground": "#292929",
	"editorError-foreground": "#b5200d",
	"editorInfo-foreground": "#1a85ff",
	"editorWarning-foreground": "#895503",
	"editorWidget-background": "#ffffff",
	"editorWidget-border": "#0f4a85",
	"editorWidget-foreground": "#292929",
	errorForeground: "#b5200d",
	focusBorder: "#006bbd",
	foreground: "#292929",
	"input-background": "#ffffff",
	"input-border": "#0f4a85",
	"input-foreground": "#292929",
	"input-placeholderForeground": "rgba(41, 41, 41, 0.7)",
	"inputValidation-warningBackground": "#ffffff",
	"inputValidation-warningBorder": "#0f4a85",
	"list-hoverBackground": "rgba(15, 74, 133, 0.1)",
	"panel-border": "#0f4a85",
	"sideBar-background": "#ffffff",
	"textBlockQuote-background": "#f2f2f2",
	"textBlockQuote-border": "#292929",
	"textCodeBlock-background": "#f2f2f2",
	"textLink-activeForeground": "#0f4a85",
	"textLink-foreground": "#0f4a85",
	"textSeparator-foreground": "#292929",
	"widget-border": "#0f4a85",
};

/** @satisfies {Record<string, Look>} */
export const looks = /** @type {const} */ ({
	light: { name: "a light browser", appearance: "light", scheme: "light" },
	dark: { name: "a dark browser", appearance: "dark", scheme: "dark" },
	forcedLight: { name: "light forced colours", appearance: "light", scheme: "light", forcedColors: true },
	forcedDark: { name: "dark forced colours", appearance: "dark", scheme: "dark", forcedColors: true },
	editorLight: {
		name: "the editor's light theme",
		appearance: "light",
		scheme: "dark",
		theme: { bodyClass: "vscode-light", variables: light },
	},
	editorDark: {
		name: "the editor's dark theme",
		appearance: "dark",
		scheme: "light",
		theme: { bodyClass: "vscode-dark", variables: dark },
	},
	highContrast: {
		name: "the editor's dark high contrast",
		appearance: "dark",
		scheme: "light",
		theme: { bodyClass: "vscode-high-contrast", variables: highContrast },
	},
	highContrastLight: {
		name: "the editor's light high contrast",
		appearance: "light",
		scheme: "dark",
		theme: {
			// VS Code sets the first, too, for webviews that do not know the second.
			bodyClass: "vscode-high-contrast vscode-high-contrast-light",
			variables: highContrastLight,
		},
	},
});

/** @type {Look[]} */
export const allLooks = Object.values(looks);

/** Looks in the editor, each with its theme. */
export const editorLooks = [looks.editorLight, looks.editorDark, looks.highContrast, looks.highContrastLight];

/**
 * @param {EditorTheme} theme
 * @returns {EditorTheme} the theme with a different opaque colour for each variable, to see which variables a page uses
 */
export function withDistinctColours({ bodyClass, variables }) {
	const isDark = !/vscode-light|high-contrast-light/.test(bodyClass);
	const names = Object.keys(variables).filter((name) => !name.includes("font-"));
	const colours = names.map((name, index) => {
		const isGround = name.toLowerCase().includes("background");
		const base = isGround === isDark ? 0 : 255 - names.length;
		return [name, `rgb(${base + index}, ${base + ((index * 7) % names.length)}, ${base + 1})`];
	});
	return { bodyClass, variables: { ...variables, ...Object.fromEntries(colours) } };
}

/**
 * Applies a theme as VS Code does. Runs in the page.
 *
 * @param {EditorTheme} theme
 */
export function applyTheme({ bodyClass, variables }) {
	document.body.className = bodyClass;
	document.body.dataset.vscodeThemeKind = bodyClass.split(" ").at(-1) ?? "";
	const { style } = document.documentElement;
	for (const name of [...style].filter((property) => property.startsWith("--vscode-"))) {
		style.removeProperty(name);
	}
	for (const [name, value] of Object.entries(variables)) {
		style.setProperty(`--vscode-${name}`, value);
	}
}

/**
 * Gives a page that is open another look.
 *
 * @param {import("./open-page.mjs").OpenPage} page
 * @param {Look} look
 */
export async function wear(page, { scheme, forcedColors, theme }) {
	await page.playwright.emulateMedia({
		colorScheme: scheme,
		forcedColors: forcedColors ? "active" : "none",
	});
	await page.evaluate(applyTheme, theme ?? { bodyClass: "", variables: {} });
}
