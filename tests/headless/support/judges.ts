// The outside judges: programs that know nothing of RayOS and find fault with disks for a living.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, createReadStream, openSync, readSync, writeSync } from "node:fs";
import { testTool } from "../../../tools/environment.ts";

const SECTOR_BYTES = 512;
const PIECE_BYTES = 1_048_576;
const DEADLINE_MS = 120_000;

export interface Verdict {
  readonly status: number;
  readonly text: string;
}

function ask(program: string, args: readonly string[]): Verdict {
  const outcome = spawnSync(testTool(program), args, { encoding: "utf8", timeout: DEADLINE_MS });
  if (outcome.error) return { status: -1, text: outcome.error.message };
  return { status: outcome.status ?? -1, text: `${outcome.stdout}${outcome.stderr}` };
}

/** The partition table: both headers, both arrays, every checksum. It says "No problems found". */
export function judgeTable(disk: string): Verdict {
  return ask("sgdisk", ["-v", disk]);
}

export interface Partition {
  readonly number: number;
  readonly name: string;
  readonly from: number;
  readonly length: number;
}

/** The partitions as sgdisk sees them, in bytes. */
export function listPartitions(disk: string): Partition[] {
  const lines = ask("sgdisk", ["-p", disk]).text.split("\n");
  const rows = lines.map((line) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+\S+ \S+\s+\S+\s*(.*)$/.exec(line));
  return rows.flatMap((row) => {
    if (row === null) return [];
    const [first, last] = [Number(row[2]), Number(row[3])];
    const length = (last - first + 1) * SECTOR_BYTES;
    return [{ number: Number(row[1]), name: row[4]!.trim(), from: first * SECTOR_BYTES, length }];
  });
}

/** An ext4 within a disk. Status 0: nothing to correct. */
export function judgeExt4(disk: string, partition: Partition): Verdict {
  return ask("e2fsck", ["-f", "-n", `${disk}?offset=${partition.from}`]);
}

/** A FAT within a disk, taken out into `copy` first. Status 0: nothing to correct. */
export function judgeFat(disk: string, partition: Partition, copy: string): Verdict {
  extract(disk, partition, copy);
  return ask("fsck.vfat", ["-n", copy]);
}

/** Copies a partition, leaving holes where there are only zeros. */
export function extract(disk: string, partition: Partition, copy: string): void {
  const [source, target] = [openSync(disk, "r"), openSync(copy, "w")];
  const piece = Buffer.alloc(PIECE_BYTES);
  const zeros = Buffer.alloc(PIECE_BYTES);
  for (let at = 0; at < partition.length; at += PIECE_BYTES) {
    const length = readSync(
      source,
      piece,
      0,
      Math.min(PIECE_BYTES, partition.length - at),
      partition.from + at,
    );
    const isLast = at + length >= partition.length;
    if (isLast || !piece.subarray(0, length).equals(zeros.subarray(0, length)))
      writeSync(target, piece, 0, length, at);
  }
  closeSync(source);
  closeSync(target);
}

/** The SHA-256 of a file within the FAT that `partition` of `disk` holds, as mtools read it. */
export function hashInFat(disk: string, partition: Partition, path: string): string {
  const args = ["-i", `${disk}@@${partition.from}`, `::${path}`];
  const outcome = spawnSync(testTool("mtype"), args, { timeout: DEADLINE_MS, maxBuffer: 64 * PIECE_BYTES });
  if (outcome.status !== 0) throw new Error(`mtype ${args.join(" ")}: ${outcome.stderr.toString()}`);
  return createHash("sha256").update(outcome.stdout).digest("hex");
}

/** The SHA-256 of a file, byte for byte. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: 4 * PIECE_BYTES }))
    hash.update(piece as Buffer);
  return hash.digest("hex");
}
