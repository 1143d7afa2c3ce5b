/**
 * gdb, with the script that the documentation names, stops both programs at lines of their TypeScript, shows local variables by their
 * names, and goes up through callers in TypeScript.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Test, t } from "tap";
import { run } from "../../tools/child.ts";
import { testTool } from "../../tools/environment.ts";
import { Debugger } from "./support/debugger.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, Stage } from "./support/stage.ts";

const LOOK_AGAIN_MS = 100;

/** Where to stop: a file and a text that stands on one line of it. */
interface Place {
  readonly file: string;
  readonly text: string;
}

const READ: Place = {
  file: "src/bootmgr/firmware-disk.ts",
  text: "const fault = this.check(lba, target.length)",
};
const REACH: Place = {
  file: "src/kernel/boot-keeper.ts",
  text: "const marked = this.marker.markStage(stage",
};

void t.test("both programs under gdb", debugBoth);

async function debugBoth(test: Test): Promise<void> {
  const stage = new Stage("debugging");
  test.teardown(() => stage.strike());
  const socket = join(stage.folder, "gdb");
  stage.start("stick", { stick: stage.image, extra: [...Debugger.words(socket), "-S"] });
  const [read, reach] = [lineOf(stage, READ), lineOf(stage, REACH)];
  await appearance(socket);
  const said = await gdb(stage, [
    `target remote ${socket}`,
    `break ${read}`,
    `break ${reach}`,
    ...["continue", "backtrace", "info args", "delete 1"],
    ...["continue", "backtrace", "info args"],
    "kill",
  ]);
  const [, inBootManager = "", inKernel = ""] = said.split(/^Breakpoint [12], /m);
  test.match(inBootManager, `at ${read}`, "the boot manager stops at a line of TypeScript", { said });
  test.match(
    inBootManager,
    callerIn("bootmgr_discovery__Installations_find", "src/bootmgr/discovery.ts"),
    "its callers are told in TypeScript",
  );
  test.match(inBootManager, callerIn("bootmgr_main__main", "src/bootmgr/main.ts"), "up to its main");
  test.match(inBootManager, /^lba = 0$/m, "variables have their names, and values");
  test.match(inKernel, `at ${reach}`, "the kernel stops at a line of TypeScript", { said });
  test.match(
    inKernel,
    callerIn("kernel_main__main", "src/kernel/main.ts"),
    "its callers are told up to its main",
  );
  test.match(inKernel, /^stage = BootStage_kernelLoaded$/m, "and enums by their words");
}

/** A frame of a backtrace. */
function callerIn(name: string, file: string): RegExp {
  return new RegExp(`^#\\d+ .*\\b${name} .* at ${file.replaceAll(".", "\\.")}:\\d+$`, "m");
}

function lineOf(stage: Stage, place: Place): string {
  const lines = readFileSync(stage.paths.of(place.file), "utf8").split("\n");
  const index = lines.findIndex((line) => line.includes(place.text));
  if (index < 0) throw new Error(`${place.file} has no line with ${place.text}`);
  return `${place.file}:${index + 1}`;
}

/** QEMU listens a moment after it was started; gdb does not ask twice. */
async function appearance(socket: string): Promise<void> {
  const end = Date.now() + ANSWER_DEADLINE_MS;
  while (!existsSync(socket)) {
    if (Date.now() > end) throw new Error(`QEMU does not listen at ${socket}`);
    await sleep(LOOK_AGAIN_MS);
  }
}

/** What gdb says to these commands, one after the other. */
async function gdb(stage: Stage, commands: readonly string[]): Promise<string> {
  const words = commands.flatMap((command) => ["-ex", command]);
  const args = ["-nx", "-batch", "-x", "tools/debug/rayos.gdb", ...words];
  const outcome = await run(testTool("gdb"), args, { cwd: stage.paths.root, deadlineMs: BOOT_DEADLINE_MS });
  return outcome.stdout + outcome.stderr;
}
