// Disks that stop answering while the machine runs, and answer again.
//
// On NVMe QEMU itself holds the requests back. Its AHCI cannot be treated so: when the guest resets the port, QEMU waits for the held request,
// and with it everybody who could let it go. A SATA disk stands on a server of its own instead, which is stopped and continued from outside.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DiskDrive } from "../../../tools/qemu/command.ts";
import type { Machine } from "../../../tools/qemu/machine.ts";

const START_DEADLINE_MS = 30_000;
const LOOK_MS = 20;

/** Bytes a second that the machine's first disk takes and gives; 0: as many as come. What comes first is let through. */
export async function limit(machine: Machine, bytes: number): Promise<void> {
  const none = { bps_rd: 0, bps_wr: 0, iops: 0, iops_rd: 0, iops_wr: 0 };
  await (await machine.control()).command("block_set_io_throttle", { device: "disk0", bps: bytes, ...none });
}

/** A server for one disk (NBD), ended by `end`, or when this process ends. */
export class DiskServer {
  private readonly killAtExit = () => this.child.kill("SIGKILL");

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    /** The same disk, as a machine sees it. */
    readonly drive: DiskDrive,
  ) {
    process.on("exit", this.killAtExit);
  }

  static async start(disk: DiskDrive): Promise<DiskServer> {
    const folder = mkdtempSync(join(tmpdir(), "rayos-disk-"));
    const socket = join(folder, "socket");
    const words = ["--socket", socket, "--format", disk.format, "--persistent", "--discard=unmap", disk.file];
    const child = spawn("qemu-nbd", words, { stdio: ["ignore", "ignore", "inherit"] });
    const end = Date.now() + START_DEADLINE_MS;
    while (!existsSync(socket)) {
      if (child.exitCode !== null || Date.now() > end) throw new Error(`qemu-nbd ${words.join(" ")} fails`);
      await sleep(LOOK_MS);
    }
    return new DiskServer(child, folder, { ...disk, file: `nbd:unix:${socket}`, format: "raw" });
  }

  /** From here on no request is answered. */
  stop(): void {
    this.child.kill("SIGSTOP");
  }

  /** What waits is answered, and all that follows. */
  goOn(): void {
    this.child.kill("SIGCONT");
  }

  end(): void {
    process.off("exit", this.killAtExit);
    this.child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
