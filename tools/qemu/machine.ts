// Machine: a computer in QEMU that a test (or `bench`, or a screenshot) drives by its serial line and by QMP.
//
// Every wait has a deadline, and a failed one says what the serial line said last, where all of it stands, and the command
// that starts the same machine. A machine is killed by its process id, at the latest when this process ends.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quote } from "../child.ts";
import { findProgram, type Toolbox } from "../environment.ts";
import { type MachineSpecification, qemuCommand } from "./command.ts";
import { Control } from "./control.ts";
import { copyVariables } from "./disk-file.ts";
import { takeScreenshot } from "./picture.ts";

const LAST_LINES = 40;
/** How often the transcript is looked at while something is waited for. */
const LOOK_MS = 10;
const CHUNK_BYTES = 65_536;
/** So much of QEMU's own complaints is shown, in characters. */
const COMPLAINT_LENGTH = 2000;

/** What a test decides; the rest is as every test's machine is. */
export interface MachinePlan {
  readonly machine?: MachineSpecification["machine"];
  readonly memoryMiB?: number;
  readonly processors?: number;
  readonly stick?: string | null;
  readonly stickKeepsWrites?: boolean;
  readonly disks?: MachineSpecification["disks"];
  /** Firmware variables to go on with, as another boot left them; by default they are fresh. "none": legacy BIOS. */
  readonly variables?: string;
  /** Where the serial line is written down. */
  readonly transcriptFile: string;
  readonly extra?: readonly string[];
}

export class Machine {
  /** What was read of the serial line so far. */
  private heard = "";
  /** The transcript's file, from which it is read. */
  private readonly file: number;
  /** What QEMU itself complained of. It comes at any moment, so it is kept apart: in the middle of a line it would be taken for a part of it. */
  private complaints = "";
  /** What `waitFor` has consumed of it. */
  private position = 0;
  private ended: number | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly killAtExit = () => this.child.kill("SIGKILL");

  private constructor(
    private readonly child: ChildProcess,
    private readonly command: readonly string[],
    private readonly folder: string,
    private readonly plan: MachinePlan,
    /** The variables that this machine writes. */
    readonly variables: string | null,
  ) {
    this.file = openSync(plan.transcriptFile, "r");
    child.stderr!.on("data", (bytes: Buffer) => this.complain(bytes.toString("latin1")));
    child.stdin!.on("error", () => undefined);
    child.on("exit", (status) => this.end(status ?? -1));
    child.on("error", (fault) => {
      this.complain(`${fault.message}\n`);
      this.end(-1);
    });
    process.on("exit", this.killAtExit);
  }

  private readonly chunk = Buffer.alloc(CHUNK_BYTES);
  private controlPromise: Promise<Control> | null = null;

  static start(tools: Toolbox, plan: MachinePlan): Machine {
    const folder = mkdtempSync(join(tmpdir(), "rayos-machine-"));
    const variables = plan.variables === "none" ? null : (plan.variables ?? copyVariables(tools, folder));
    const command = qemuCommand(tools, {
      machine: plan.machine ?? "q35",
      memoryMiB: plan.memoryMiB ?? 1024,
      processors: plan.processors ?? 1,
      display: { kind: "none" },
      stick: plan.stick ?? null,
      stickKeepsWrites: plan.stickKeepsWrites ?? false,
      disks: plan.disks ?? [],
      variables,
      controlSocket: join(folder, "control"),
      multiplexer: false,
      waitForDebugger: false,
      extra: plan.extra ?? [],
    });
    // A test that is killed outright takes its machine with it.
    const guard = findProgram("setpriv");
    const words = guard === null ? command : [guard, "--pdeathsig", "KILL", ...command];
    // The serial line goes into a file by itself. A pipe would fill while a test is busy, and what the line finds no room for is lost.
    const transcript = openSync(plan.transcriptFile, "w");
    const child = spawn(words[0]!, words.slice(1), { stdio: ["pipe", transcript, "pipe"] });
    closeSync(transcript);
    return new Machine(child, command, folder, plan, variables);
  }

  /** All that came from the serial line. */
  get transcript(): string {
    for (;;) {
      const length = readSync(this.file, this.chunk, 0, this.chunk.length, this.heard.length);
      if (length === 0) return this.heard;
      this.heard += this.chunk.toString("latin1", 0, length);
    }
  }

  /** Waits for a text or a pattern behind what was waited for before; returns the match. */
  async waitFor(wanted: string | RegExp, deadlineMs: number): Promise<RegExpExecArray> {
    const pattern =
      typeof wanted === "string" ? new RegExp(wanted.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")) : wanted;
    const end = Date.now() + deadlineMs;
    let looked = -1;
    for (;;) {
      const { length } = this.transcript;
      const match = length === looked ? null : pattern.exec(this.heard.slice(this.position));
      if (match !== null) {
        this.position += match.index + match[0].length;
        return match;
      }
      looked = length;
      if (this.ended !== null) throw this.fault(`the machine ended (status ${this.ended}) before ${pattern}`);
      if (Date.now() >= end) throw this.fault(`${pattern} did not come within ${deadlineMs / 1000} s`);
      await this.change(end);
    }
  }

  /** What came since the last match. */
  unread(): string {
    return this.transcript.slice(this.position);
  }

  /** Types on the serial line. */
  type(text: string): void {
    this.child.stdin!.write(text);
  }

  /** Types a command, waits for the prompt after it, and returns what stands between. */
  async ask(line: string, prompt: string, deadlineMs: number): Promise<string> {
    const from = this.position;
    this.type(`${line}\r`);
    const match = await this.waitFor(prompt, deadlineMs);
    return this.transcript.slice(from, this.position - match[0].length);
  }

  /** QMP, connected at its first use. */
  control(): Promise<Control> {
    this.controlPromise ??= Control.connect(join(this.folder, "control"));
    return this.controlPromise;
  }

  async screenshot(path: string): Promise<void> {
    await takeScreenshot(await this.control(), path);
  }

  /** Waits until QEMU has ended by itself, as after a power-off; returns its status. */
  async waitForExit(deadlineMs: number): Promise<number> {
    const end = Date.now() + deadlineMs;
    while (this.ended === null) {
      if (Date.now() >= end) throw this.fault(`the machine did not end within ${deadlineMs / 1000} s`);
      await this.change(end);
    }
    return this.ended;
  }

  /** Pulls the plug, if it is not off already, and removes what belonged to this run alone. */
  async stop(): Promise<void> {
    this.child.kill("SIGKILL");
    while (this.ended === null) await this.change(Date.now() + 1000);
    if (this.controlPromise !== null) (await this.controlPromise.catch(() => null))?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private fault(what: string): Error {
    const last = this.transcript.split("\n").slice(-LAST_LINES).join("\n");
    const all = `All of it: ${this.plan.transcriptFile}\nThe same machine: ${quote(this.command)}`;
    const complaints =
      this.complaints === "" ? "" : `QEMU said:\n${this.complaints.slice(-COMPLAINT_LENGTH)}\n`;
    return new Error(`${what}. The serial line said last:\n${last}\n${complaints}${all}`);
  }

  private complain(text: string): void {
    this.complaints += text;
    this.wake();
  }

  private end(status: number): void {
    this.ended ??= status;
    process.off("exit", this.killAtExit);
    this.wake();
  }

  private wake(): void {
    for (const listener of [...this.listeners]) listener();
  }

  /** Returns soon, so that the transcript is looked at again; at once when the machine ends or QEMU complains. */
  private change(end: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.listeners.delete(done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(1, Math.min(LOOK_MS, end - Date.now())));
      this.listeners.add(done);
    });
  }
}
