import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import {
	packagedFiles,
	packagedIdentity,
	vsixUnderTest,
} from "../../../extension/test/e2e/extension-package.mjs";
import {
	beginExport,
	chooseFormat,
	jsonFormat,
	saveAs,
	waitForOutcome,
} from "../../../extension/test/e2e/scenarios/questions.mjs";
import { exportCommand, scenario, useStage } from "../../../extension/test/e2e/scenarios/scenario.mjs";
import { assertJsonExport } from "../../../extension/test/e2e/telemetry/exported.mjs";
import { copySample, readEvents } from "../../../extension/test/e2e/telemetry/sample.mjs";
import { artifactsFolder, bindingsFolder } from "../../folders.mjs";
import { manifest, ownTarget } from "../../targets.mjs";
import { extensionFiles } from "../../test/extension-files.mjs";
import { packagedExtension, repositoryUrl } from "../products.mjs";
import { writtenSize } from "../sizes.mjs";

const target = ownTarget();
const addon = path.join("dist", "native", target.addon);

describe("the VSIX of this platform", () => {
	assert.equal(vsixUnderTest(), packagedExtension());
	const files = packagedFiles();

	it("holds the bundle, the released binary, licences and its page, and nothing else", () => {
		assert.deepEqual([...files.keys()].sort(), extensionFiles(target.addon));
		const released = readFileSync(path.join(bindingsFolder(artifactsFolder, target), target.addon));
		assert.ok(files.get(addon)?.equals(released));
	});

	it("names the repository that it is made of, and shows pictures from there", () => {
		const { repository, version } = JSON.parse(files.get("package.json")?.toString("utf8") ?? "");
		assert.equal(repository.url, `${repositoryUrl}.git`);
		assert.equal(version, manifest.version);
		const page = files.get("readme.md")?.toString("utf8") ?? "";
		assert.ok(page.includes(`(${repositoryUrl}/raw/v${version}/extension/media/progress.png)`));
		assert.doesNotMatch(page, /\]\((?!https:\/\/|#)/);
	});

	it("is as large as CONTRIBUTING.md says", () => {
		const { size } = statSync(vsixUnderTest());
		const written = writtenSize("VSIX");
		assert.ok(Math.abs(size / written - 1) <= 0.1, `${size} bytes, and not ${written}`);
	});
});

describe("the VSIX of this platform, in VS Code", () => {
	const stage = useStage("released", ({ profile }) => copySample("current", profile.coderTelemetry));
	const { profile } = stage;

	scenario(stage, "is installed, and exports", "released", async (workbench) => {
		const [installed, ...others] = profile.installedExtensions();
		assert.deepEqual(others, []);
		assert.equal(installed?.identifier.id, packagedIdentity().id);
		assert.equal(installed?.version, manifest.version);

		const file = path.join(profile.workspace, "released.json");
		await beginExport(workbench, exportCommand, "All time");
		await chooseFormat(workbench, jsonFormat);
		await saveAs(workbench, file);
		await waitForOutcome(workbench, "Exported 396 telemetry events to released.json.");
		await workbench.picture("exported");
		assertJsonExport(file, readEvents(profile.coderTelemetry));
	});
});
