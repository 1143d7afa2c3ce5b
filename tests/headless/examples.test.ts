/**
 * The pages under `examples/` are right: every command on them is run as it stands there, and what they say is printed is printed.
 *
 * A fence `sh` holds commands that end, `sh run` one that starts a machine, `text` what one reads then.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type Test, t } from "tap";
import { runOrFail } from "../../tools/child.ts";
import { Toolbox } from "../../tools/environment.ts";

const root = process.env["RAYOS_ROOT"] ?? process.cwd();
const BUILD_DEADLINE_MS = 120_000;
/** Firmware takes its time before it comes to an application. */
const MACHINE_DEADLINE_MS = 180_000;

interface Page {
  readonly commands: readonly string[];
  readonly machine: string;
  /** What the page says that one reads, in order. */
  readonly texts: readonly string[];
}

void t.test("host: a program of the host", async (test) => {
  const page = readPage("host");
  const said = await runCommands(test, page);
  for (const text of page.texts) test.equal(said.split(text).length, 3, `native and in Node: ${text}`);
});

void t.test("bare-kernel: a kernel of one page", async (test) => {
  const page = readPage("bare-kernel");
  await runCommands(test, page);
  const machine = new Console(test, page.machine);
  for (const text of page.texts) await machine.waitFor(text);
  test.pass(`the serial line says: ${page.texts.join(" ")}`);
});

void t.test("hello-efi: a UEFI application", async (test) => {
  const page = readPage("hello-efi");
  await runCommands(test, page);
  const machine = new Console(test, page.machine);
  for (const line of page.texts.flatMap((text) => text.split("\n"))) await machine.waitFor(line);
  test.pass("it greets, with its menu");
  machine.type("g");
  await machine.waitFor("Hello again.");
  test.pass("the first choice greets again");
  machine.type("q");
  await machine.waitFor("Bye.");
  test.pass("the second goes back to the firmware");
});

function readPage(name: string): Page {
  const text = readFileSync(join(root, "examples", name, "README.md"), "utf8");
  const fences = [...text.matchAll(/^```(\w+(?: run)?)\n([\s\S]*?)^```$/gm)];
  const of = (kind: string): string[] =>
    fences.filter((fence) => fence[1] === kind).map((fence) => fence[2]!.trim());
  return { commands: of("sh"), machine: of("sh run").join("\n"), texts: of("text") };
}

/** Runs the page's commands one after the other; what they print. */
async function runCommands(test: Test, page: Page): Promise<string> {
  test.ok(
    page.commands.length > 0 && page.texts.length > 0,
    "the page has commands, and says what they print",
  );
  return runOrFail("sh", ["-e", "-c", page.commands.join("\n")], {
    cwd: root,
    deadlineMs: BUILD_DEADLINE_MS,
    environment: environment(test),
  });
}

/** The tools under the names that the pages use: this machine's may carry a version, and `npx rayc` is that of the checkout. */
function environment(test: Test): NodeJS.ProcessEnv {
  const folder = mkdtempSync(join(tmpdir(), "rayos-examples-"));
  test.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const tools = new Toolbox();
  const names = {
    clang: tools.clang,
    "ld.lld": tools.ldElf,
    "lld-link": tools.ldPe,
    nasm: tools.nasm,
    "qemu-system-x86_64": tools.qemu,
  };
  for (const [name, path] of Object.entries(names)) symlinkSync(path, join(folder, name));
  mkdirSync(folder, { recursive: true });
  const npx = join(folder, "npx");
  writeFileSync(
    npx,
    `#!/bin/sh\nshift\nexec "${process.execPath}" "${join(root, "build/tool/rayc.mjs")}" "$@"\n`,
  );
  chmodSync(npx, 0o755);
  return { ...process.env, PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}` };
}

/** A machine that a page's command starts, by its serial line. */
class Console {
  private said = "";
  private readonly child: ChildProcess;

  constructor(test: Test, command: string) {
    this.child = spawn("sh", ["-c", `exec ${command}`], {
      cwd: root,
      env: environment(test),
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.child.stdout!.on("data", (bytes: Buffer) => (this.said += bytes.toString("latin1")));
    test.teardown(() => this.child.kill("SIGKILL"));
  }

  type(text: string): void {
    this.child.stdin!.write(text);
  }

  /** Waits for a text behind what was waited for before. */
  async waitFor(text: string): Promise<void> {
    const end = Date.now() + MACHINE_DEADLINE_MS;
    while (!this.said.includes(text)) {
      if (Date.now() > end || this.child.exitCode !== null)
        throw new Error(`"${text}" did not come; the machine said:\n${this.said}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    this.said = this.said.slice(this.said.indexOf(text) + text.length);
  }
}
