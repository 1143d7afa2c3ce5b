// The plugin for editors, in the tsserver that every editor talks to: rayc's findings stand in their lines, and go with them.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import t from "tap";
import { findRoot } from "./support/compiler.ts";

const root = findRoot();
const folder = join(root, "build/tests/editor");
const file = join(folder, "main.ts");
const DEADLINE_MS = 120_000;

const HALF = "export function half(value: u32): u32 {\n  return value / 2;\n}\n";
const MAIN = 'export function main(): void {\n  print(utf8(half(4) === 2 ? "two" : "other"));\n}\n';

interface Found {
  readonly code: number;
  readonly text: string;
  readonly start: { readonly line: number; readonly offset: number };
}

interface Message {
  readonly request_seq?: number;
  readonly event?: string;
  readonly body?: unknown;
}

/** tsserver's protocol: requests as lines on its input; answers and events as lines of JSON among headers. */
class Server {
  private readonly child: ChildProcess;
  private sequence = 0;
  private readonly heard: Message[] = [];
  private wake: () => void = () => undefined;

  constructor() {
    const script = join(root, "node_modules/typescript/lib/tsserver.js");
    const words = [script, "--disableAutomaticTypingAcquisition", "--allowLocalPluginLoads"];
    this.child = spawn(process.execPath, words, { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
    createInterface({ input: this.child.stdout! }).on("line", (line) => {
      if (!line.startsWith("{")) return;
      this.heard.push(JSON.parse(line) as Message);
      this.wake();
    });
  }

  tell(command: string, words: object): number {
    this.sequence++;
    const request = { seq: this.sequence, type: "request", command, arguments: words };
    this.child.stdin!.write(`${JSON.stringify(request)}\n`);
    return this.sequence;
  }

  /** The first message, or the next one, that `fits`. */
  async hear(fits: (message: Message) => boolean): Promise<Message> {
    const end = Date.now() + DEADLINE_MS;
    for (;;) {
      const at = this.heard.findIndex(fits);
      if (at >= 0) return this.heard.splice(at, 1)[0]!;
      if (Date.now() >= end)
        throw new Error(`tsserver did not say it; it said ${JSON.stringify(this.heard)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, end - Date.now());
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** What stands beside the file's lines now. */
  async findings(): Promise<Found[]> {
    const number = this.tell("semanticDiagnosticsSync", { file });
    return (await this.hear((message) => message.request_seq === number)).body as Found[];
  }

  /** The plugin has news. */
  async refreshed(): Promise<void> {
    await this.hear((message) => message.event === "projectsUpdatedInBackground");
  }

  /** Ends as when an editor is killed: at once, without a word to anybody. */
  async end(): Promise<void> {
    this.child.kill("SIGKILL");
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, "exit");
  }
}

/** The processes of this user whose command line says that they are a rayc at work in a folder. */
function watchersIn(where: string): string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
      return words.includes("--watch") && words.includes(where);
    } catch {
      return false;
    }
  });
}

function prepare(): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(join(root, "transpiler/editor"), join(folder, "node_modules/rayc-editor"));
  const library = ["lib.d.ts", "ray.d.ts"].map((name) => join(root, "transpiler/lib", name));
  const compilerOptions = {
    ...{ target: "ES2022", module: "ES2022", noLib: true, types: [], strict: true },
    plugins: [{ name: "rayc-editor", entries: ["main.ts"] }],
  };
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: [...library, "main.ts"] }),
  );
  writeFileSync(join(folder, "package.json"), "{}\n");
  writeFileSync(file, HALF + MAIN);
}

t.setTimeout(4 * DEADLINE_MS);

t.test("an editor shows what only rayc refuses, in its line, until the line is mended", async (t) => {
  prepare();
  const server = new Server();
  t.teardown(() => server.end());
  server.tell("open", { file });
  await server.refreshed();
  const [found, ...others] = await server.findings();
  t.match(found, { start: { line: 2, offset: 10 }, text: /^RAY\d{4}: .*Math\.trunc/ });
  t.equal(others.length, 0, "and nothing else");

  const line = { line: 2, offset: 1, endLine: 2, endOffset: 100 };
  server.tell("change", { file, ...line, insertString: "  return Math.trunc(value / 2);" });
  t.equal((await server.findings()).length, 0, "beside a line that reads otherwise stands nothing");
  writeFileSync(file, HALF.replace("value / 2", "Math.trunc(value / 2)") + MAIN);
  await server.refreshed();
  t.equal((await server.findings()).length, 0, "nor after it was saved");

  const watchers = watchersIn(folder);
  t.equal(watchers.length, 1, "one rayc watches");
  await server.end();
  for (let waitedMs = 0; watchersIn(folder).length > 0 && waitedMs < DEADLINE_MS; waitedMs += 50)
    await new Promise((resolve) => setTimeout(resolve, 50));
  t.same(watchersIn(folder), [], "and goes with the editor");
});
