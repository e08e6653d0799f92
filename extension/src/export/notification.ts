/** A message to the user, with its actions. */
export interface Notification {
	readonly severity: "information" | "warning" | "error";
	readonly message: string;
	readonly actions: readonly NotificationAction[];
}

/** A button of a notification. */
export type NotificationAction =
	/** Shows the file in the system's file manager, or opens it if there is none. */
	| { readonly kind: "reveal"; readonly path: string }
	/** Shows a report in the browser if possible, else in the editor. */
	| { readonly kind: "openReport"; readonly path: string; readonly title: string }
	| { readonly kind: "copyPath"; readonly path: string }
	/** Shows the output channel of this extension. */
	| { readonly kind: "showOutput" }
	/** Opens the settings editor with a search, such as the name of a setting. */
	| { readonly kind: "openSettings"; readonly search: string };
