// A plugin of TypeScript's language service: what only rayc knows stands in the editor beside what tsc says.
//
//     tsconfig.json: "plugins": [{ "name": "rayos", "entries": ["src/main.ts"] }]
//
// For each entry a rayc watches the program as it is saved. A finding is shown in its line for as long as that line reads as it
// did when rayc saw it: what is being typed is not yet judged, and nothing stands beside a line that it is not about.

import { type ChildProcess, spawn } from "node:child_process";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type ts from "typescript";
import type { Diagnostic } from "../diagnostics.ts";

/** What tsserver hands to plugins. */
interface Modules {
  readonly typescript: typeof ts;
}

/** The plugin's entry in tsconfig.json. */
interface Configuration {
  readonly entries?: readonly string[];
}

export default function plugin({ typescript }: Modules): ts.server.PluginModule {
  return { create: (info) => decorate(typescript, info) };
}

function decorate(typescript: typeof ts, info: ts.server.PluginCreateInfo): ts.LanguageService {
  const service = info.languageService;
  const { entries = [] } = info.config as Configuration;
  const root = info.project.getCurrentDirectory();
  const watchers = entries.map((entry) => new Watcher(root, entry, () => info.project.refreshDiagnostics()));
  const findingsIn = (name: string): ts.Diagnostic[] => {
    const file = service.getProgram()?.getSourceFile(name);
    if (file === undefined) return [];
    const found = new Map<string, Diagnostic>();
    for (const watcher of watchers)
      for (const one of watcher.findingsIn(name)) found.set(`${one.line}:${one.column}:${one.code}`, one);
    return [...found.values()].flatMap((one) => asDiagnostic(typescript, file, one) ?? []);
  };
  return {
    ...service,
    getSemanticDiagnostics: (name) => [...service.getSemanticDiagnostics(name), ...findingsIn(name)],
    dispose: () => {
      for (const watcher of watchers) watcher.end();
      service.dispose();
    },
  };
}

/** In the file as the editor has it; `null` where the line reads otherwise there. */
function asDiagnostic(typescript: typeof ts, file: ts.SourceFile, finding: Diagnostic): ts.Diagnostic | null {
  const starts = file.getLineStarts();
  const lineStart = starts[finding.line - 1];
  if (lineStart === undefined) return null;
  const line = file.text.slice(lineStart, starts[finding.line] ?? file.text.length);
  if (!line.trimEnd().startsWith(finding.source)) return null;
  return {
    file,
    start: lineStart + finding.column - 1,
    length: finding.width,
    category: typescript.DiagnosticCategory.Error,
    code: Number(finding.code.slice("RAY".length)),
    source: "rayc",
    messageText: `${finding.code}: ${finding.message}`,
  };
}

/** A rayc that watches one program, and what it found last. */
class Watcher {
  private findings: readonly Diagnostic[] = [];
  private readonly child: ChildProcess;
  constructor(
    private readonly root: string,
    entry: string,
    refresh: () => void,
  ) {
    const rayc = join(dirname(fileURLToPath(import.meta.url)), "rayc.mjs");
    const words = [rayc, entry, "--check", "--watch", "--json", "--root", root];
    this.child = spawn(process.execPath, words, { cwd: root, stdio: ["ignore", "pipe", "ignore", "ipc"] });
    // An editor without a rayc is an editor as before.
    this.child.on("error", () => undefined);
    createInterface({ input: this.child.stdout! }).on("line", (line) => {
      const all = JSON.parse(line) as Diagnostic[];
      // What tsc says the editor knows by itself.
      this.findings = all.filter((one) => one.code.startsWith("RAY"));
      refresh();
    });
  }

  findingsIn(name: string): Diagnostic[] {
    return this.findings.filter((one) => resolve(this.root, one.file) === resolve(name));
  }

  end(): void {
    this.child.kill();
  }
}
