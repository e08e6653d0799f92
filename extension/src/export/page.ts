/** A page to show in the editor. */
export interface Page {
	readonly title: string;
	readonly html: string;
	/** Whether the keyboard stays where it is, such as in a question. */
	readonly preserveFocus: boolean;
	/** Called once, when the page is closed or makes way for another one. */
	readonly onClose?: () => void;
}
