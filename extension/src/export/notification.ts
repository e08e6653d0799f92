/** A message to the user, with what can be done about it. */
export interface Notice {
	readonly severity: "information" | "warning" | "error";
	readonly message: string;
	readonly actions: readonly NoticeAction[];
}

/** A button of a notice. */
export type NoticeAction =
	/** Shows the file in the system's file manager, or opens it where there is none. */
	| { readonly kind: "reveal"; readonly path: string }
	/** Shows a report: in the browser where that is possible, else in the editor. */
	| { readonly kind: "openReport"; readonly path: string; readonly title: string }
	| { readonly kind: "copyPath"; readonly path: string }
	/** Shows the output channel of this extension. */
	| { readonly kind: "showOutput" }
	/** Opens the settings editor with a search, such as the name of a setting. */
	| { readonly kind: "openSettings"; readonly search: string };
