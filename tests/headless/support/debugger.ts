// Debugger: what little of gdb's remote protocol it takes to stop a machine at an address and to change a byte of its memory.
//
//     $<packet>#<sum of its bytes, two digits>      answered by + and a packet of the same form
//
// QEMU stops the machine when somebody connects, and lets it go on after `detach`.

import { createConnection, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const CONNECT_TRIES = 100;
const RETRY_MS = 50;
/** In the packet of all registers: RDI is the sixth, 8 bytes each, little endian. */
const RDI = 5;
const REGISTER_DIGITS = 16;

export class Debugger {
  private rest = "";
  private readonly packets: string[] = [];
  private wake: () => void = () => undefined;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => this.take(text));
  }

  /** The words for QEMU's command line. */
  static words(path: string): string[] {
    return ["-gdb", `unix:${path},server=on,wait=off`];
  }

  static async connect(path: string): Promise<Debugger> {
    for (let tries = 0; ; tries++) {
      try {
        return new Debugger(await open(path));
      } catch (fault) {
        if (tries >= CONNECT_TRIES) throw fault;
        await sleep(RETRY_MS);
      }
    }
  }

  /** Lets the machine run until it is about to execute the instruction at `address`. */
  async runTo(address: bigint, deadlineMs: number): Promise<void> {
    const place = `${address.toString(16)},1`;
    await this.expect(`Z1,${place}`, /^OK/);
    await this.expect("c", /^[ST]05/, deadlineMs);
    await this.expect(`z1,${place}`, /^OK/);
  }

  /** The first argument of the function that the machine is about to enter. */
  async firstArgument(): Promise<bigint> {
    const all = await this.expect("g", /^[0-9a-f]{96}/);
    const digits = all.slice(RDI * REGISTER_DIGITS, (RDI + 1) * REGISTER_DIGITS);
    return Buffer.from(digits, "hex").readBigUInt64LE();
  }

  /** Turns every bit of one byte of memory around. */
  async flipByte(address: bigint): Promise<void> {
    const place = `${address.toString(16)},1`;
    const byte = parseInt(await this.expect(`m${place}`, /^[0-9a-f]{2}/), 16);
    await this.expect(`M${place}:${(byte ^ 0xff).toString(16).padStart(2, "0")}`, /^OK/);
  }

  /** Writes memory, code too. */
  async write(address: bigint, bytes: Buffer): Promise<void> {
    await this.expect(
      `M${address.toString(16)},${bytes.length.toString(16)}:${bytes.toString("hex")}`,
      /^OK/,
    );
  }

  /** Leaves the machine to itself; it goes on. */
  async detach(): Promise<void> {
    await this.expect("D", /^OK/);
    this.socket.destroy();
  }

  private async expect(packet: string, answer: RegExp, deadlineMs = 10_000): Promise<string> {
    const end = Date.now() + deadlineMs;
    const sum = Buffer.from(packet, "latin1").reduce((total, byte) => (total + byte) & 0xff, 0);
    this.packets.length = 0;
    this.socket.write(`$${packet}#${sum.toString(16).padStart(2, "0")}`, "latin1");
    for (;;) {
      const said = this.packets.shift();
      if (said !== undefined && answer.test(said)) return said;
      // That the machine stopped is said unasked, too.
      if (said !== undefined && !/^[ST]/.test(said))
        throw new Error(`the debugger answered ${packet} with ${said}`);
      if (Date.now() >= end)
        throw new Error(`the debugger got no answer to ${packet} within ${deadlineMs} ms`);
      if (this.packets.length === 0) await this.packetOr(end);
    }
  }

  private packetOr(end: number): Promise<void> {
    const come = new Promise<void>((resolve) => (this.wake = resolve));
    return Promise.race([come, sleep(Math.max(1, end - Date.now()), undefined, { ref: false })]);
  }

  private take(text: string): void {
    this.rest += text;
    for (;;) {
      const packet = /\$([^#]*)#[0-9a-f]{2}/.exec(this.rest);
      if (packet === null) return;
      this.rest = this.rest.slice(packet.index + packet[0].length);
      this.packets.push(packet[1]!);
      this.socket.write("+");
      this.wake();
    }
  }
}

function open(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}
