import { readFileSync } from "node:fs";
import * as path from "node:path";

/** A setting in `package.json`. */
export interface ContributedSetting {
	readonly type: string;
	readonly default: unknown;
	readonly scope: string;
	readonly markdownDescription: string;
	readonly enum?: readonly string[];
	readonly markdownEnumDescriptions?: readonly string[];
	readonly pattern?: string;
	readonly items?: { readonly pattern: string };
	readonly minimum?: number;
	readonly maximum?: number;
}

/** The `package.json` of the extension. */
export const manifest: {
	readonly publisher: string;
	readonly name: string;
	readonly contributes: {
		readonly commands: readonly { readonly command: string }[];
		readonly menus: {
			readonly commandPalette: readonly { readonly command: string; readonly when: string }[];
		};
		readonly configuration: { readonly properties: Readonly<Record<string, ContributedSetting>> };
	};
} = JSON.parse(readFileSync(path.join(import.meta.dirname, "../../package.json"), "utf8"));

/** @returns the contributed settings, by their full names */
export function contributedSettings(): Readonly<Record<string, ContributedSetting>> {
	return manifest.contributes.configuration.properties;
}
