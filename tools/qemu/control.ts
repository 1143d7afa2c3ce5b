// Control: QEMU's machine protocol (QMP) over its socket: commands with answers, and events as they come.

import { createConnection, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const CONNECT_TRIES = 100;
const RETRY_MS = 50;
const ANSWER_DEADLINE_MS = 30_000;

interface Message {
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
  readonly event?: string;
  readonly data?: Record<string, unknown>;
  readonly timestamp?: { readonly seconds: number; readonly microseconds: number };
}

export interface ControlEvent {
  readonly name: string;
  /** When it happened, by QEMU's clock, as `Date.now()` counts: a busy host tells of it later. */
  readonly timeMs: number;
  readonly data: Record<string, unknown>;
}

export class Control {
  private rest = "";
  private readonly waiting: ((message: Message) => void)[] = [];
  /** All events so far, in order. */
  readonly events: ControlEvent[] = [];
  private listeners: (() => void)[] = [];

  private constructor(private readonly socket: Socket) {
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => this.take(text));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      for (const answer of this.waiting.splice(0)) answer({ error: { desc: "the machine is gone" } });
      this.wake();
    });
  }

  /** Connects as soon as QEMU listens. */
  static async connect(path: string): Promise<Control> {
    for (let tries = 0; ; tries++) {
      try {
        const control = new Control(await open(path));
        await control.command("qmp_capabilities");
        return control;
      } catch (fault) {
        if (tries >= CONNECT_TRIES) throw fault;
        await sleep(RETRY_MS);
      }
    }
  }

  /** Gives a command and returns its answer; one at a time or several, answers come in order. */
  command(execute: string, parameters: Record<string, unknown> = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(
        () => reject(new Error(`QEMU does not answer ${execute}`)),
        ANSWER_DEADLINE_MS,
      );
      this.waiting.push((message) => {
        clearTimeout(deadline);
        if (message.error === undefined) resolve(message.return);
        else reject(new Error(`${execute}: ${message.error.desc}`));
      });
      this.socket.write(`${JSON.stringify({ execute, arguments: parameters })}\n`);
    });
  }

  /** Waits for an event that is not among the first `from` ones. */
  async waitForEvent(name: string, from: number, deadlineMs: number): Promise<ControlEvent> {
    const end = Date.now() + deadlineMs;
    for (;;) {
      const found = this.events.slice(from).find((event) => event.name === name);
      if (found !== undefined) return found;
      if (Date.now() >= end || this.socket.destroyed)
        throw new Error(`no event ${name} within ${deadlineMs} ms`);
      await Promise.race([
        new Promise<void>((resolve) => this.listeners.push(resolve)),
        // A wait that an event has ended must not keep the process.
        sleep(end - Date.now(), undefined, { ref: false }),
      ]);
    }
  }

  close(): void {
    this.socket.destroy();
  }

  private take(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop()!;
    for (const line of lines) {
      if (line.trim() === "") continue;
      const message = JSON.parse(line) as Message;
      if (message.event !== undefined) {
        const { seconds, microseconds } = message.timestamp ?? { seconds: 0, microseconds: 0 };
        this.events.push({
          name: message.event,
          timeMs: seconds * 1000 + microseconds / 1000,
          data: message.data ?? {},
        });
        this.wake();
      } else if ("return" in message || "error" in message) this.waiting.shift()?.(message);
    }
  }

  private wake(): void {
    for (const listener of this.listeners.splice(0)) listener();
  }
}

function open(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}
