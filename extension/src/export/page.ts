/** A page to show in the editor. */
export interface Page {
	readonly title: string;
	readonly html: string;
	/** Whether the keyboard focus stays where it is, such as in a question. */
	readonly preserveFocus: boolean;
	/** Called once, when the page is closed or replaced. */
	readonly onClose?: () => void;
}
