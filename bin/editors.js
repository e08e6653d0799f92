/**
 * The editors that can run the Coder extension, and the names of their folders. The comment above each editor names
 * public sources of these names.
 */

"use strict";

/**
 * @typedef {object} Editor
 * @property {string} name
 * @property {string} [folder] its folder in the user's configuration folder
 * @property {string} [server] its folder in the home directory of a remote machine
 * @property {string} [flatpak] its id on Flathub
 * @property {string} [snap] its name in the Snap Store
 */

/** @type {readonly Editor[]} */
const editors = [
	{
		// VS Code's pages on settings and on remote development; Flathub; paths of the snap in backup tools.
		name: "VS Code",
		folder: "Code",
		server: ".vscode-server",
		flatpak: "com.visualstudio.code",
		snap: "code",
	},
	{
		// The same pages; paths of the Flatpak and of the snap in MCP and backup tools.
		name: "VS Code Insiders",
		folder: "Code - Insiders",
		server: ".vscode-server-insiders",
		flatpak: "com.visualstudio.code.insiders",
		snap: "code-insiders",
	},
	{
		// product.json of VS Code's repository, dotfiles of Arch Linux users; Flathub.
		name: "Code - OSS",
		folder: "Code - OSS",
		server: ".vscode-server-oss",
		flatpak: "com.visualstudio.code-oss",
	},
	// Dev containers and setup scripts of GitHub Codespaces.
	{ name: "Codespaces", server: ".vscode-remote" },
	{
		// VSCodium's documentation and build scripts; Flathub; paths of the snap in MCP tools.
		name: "VSCodium",
		folder: "VSCodium",
		server: ".vscodium-server",
		flatpak: "com.vscodium.codium",
		snap: "codium",
	},
	{
		// VSCodium's build scripts; Flathub.
		name: "VSCodium Insiders",
		folder: "VSCodium - Insiders",
		server: ".vscodium-server-insiders",
		flatpak: "com.vscodium.codium-insiders",
	},
	// READMEs of extensions and MCP servers, for the desktop and for SSH.
	{ name: "Cursor", folder: "Cursor", server: ".cursor-server" },
	// READMEs of extensions and MCP servers, for the desktop and for SSH.
	{ name: "Windsurf", folder: "Windsurf", server: ".windsurf-server" },
	// The same READMEs; clean-up scripts for the server.
	{ name: "Windsurf Next", folder: "Windsurf - Next", server: ".windsurf-server-next" },
	// What Windsurf is called since 2026: READMEs of MCP servers, catalogues of agents' data folders.
	{ name: "Devin", folder: "Devin", server: ".devin-server" },
	// READMEs of MCP servers, for the desktop and for SSH.
	{ name: "Trae", folder: "Trae", server: ".trae-server" },
	// READMEs of MCP servers, for the desktop and for SSH.
	{ name: "Trae CN", folder: "Trae CN", server: ".trae-cn-server" },
	// Dotfiles and Positron's own tests; a university's JupyterHub page for the server.
	{ name: "Positron", folder: "Positron", server: ".positron-server" },
	// READMEs of extensions, for the desktop and for WSL.
	{ name: "Antigravity", folder: "Antigravity", server: ".antigravity-server" },
	// The name since its second version: READMEs of extensions, modules of NixOS.
	{ name: "Antigravity IDE", folder: "Antigravity IDE", server: ".antigravity-ide-server" },
	// READMEs of tools that read its sessions, for the desktop and for SSH.
	{ name: "Kiro", folder: "Kiro", server: ".kiro-server" },
	// READMEs of MCP servers; product.json of forks of it.
	{ name: "Void", folder: "Void", server: ".void-server" },
	// product.json of its repository.
	{ name: "PearAI", folder: "PearAI", server: ".pearai-server" },
	// READMEs of MCP servers; a dev container's set-up script.
	{ name: "Qoder", folder: "Qoder", server: ".qoder-server" },
	// Images and set-up scripts of openvscode-server.
	{ name: "OpenVSCode", server: ".openvscode-server" },
];

module.exports = { editors };
