// Steps that scenarios share: looking at what a disk was asked to do, hurting disk files. What a person types stands in
// tools/qemu/operator.ts, and is offered here too.

import { closeSync, copyFileSync, constants, openSync, readSync, statSync, writeSync } from "node:fs";
import type { Machine } from "../../../tools/qemu/machine.ts";

export {
  confirmInstallation,
  confirmRestore,
  confirmUpdate,
  install,
  INSTALL_DEADLINE_MS,
  powerOff,
  untilPrompt,
} from "../../../tools/qemu/operator.ts";

const SECTOR_BYTES = 512;
/** A header of a partition table behind its signature and version: checksums, places, GUID. */
const HEADER_FROM = 16;
const HEADER_BYTES = 76;

/** How often `text` stands on the serial line so far. */
export function countOf(machine: Machine, text: string): number {
  return machine.transcript.split(text).length - 1;
}

/** Write commands that a drive has taken since the machine started. */
export async function writesOf(machine: Machine, drive: string): Promise<number> {
  const control = await machine.control();
  const all = (await control.command("query-blockstats")) as {
    device?: string;
    stats: { wr_operations: number };
  }[];
  const found = all.find((each) => each.device === drive);
  if (found === undefined) throw new Error(`QEMU has no drive ${drive}`);
  return found.stats.wr_operations;
}

/** Copies a disk file; where the file system can, both share their blocks. */
export function copyDisk(source: string, target: string): string {
  copyFileSync(source, target, constants.COPYFILE_FICLONE);
  return target;
}

/** Turns every bit of `length` bytes around. */
export function damage(disk: string, from: number, length: number): void {
  const bytes = readBytes(disk, from, length);
  for (let i = 0; i < length; i++) bytes[i]! ^= 0xff;
  writeBytes(disk, from, bytes);
}

/** The first header of the partition table. */
export function damagePrimaryTable(disk: string): void {
  damage(disk, SECTOR_BYTES + HEADER_FROM, HEADER_BYTES);
}

/** The second header, in the last sector. */
export function damageBackupTable(disk: string): void {
  damage(disk, statSync(disk).size - SECTOR_BYTES + HEADER_FROM, HEADER_BYTES);
}

export function readBytes(disk: string, from: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const file = openSync(disk, "r");
  readSync(file, bytes, 0, length, from);
  closeSync(file);
  return bytes;
}

export function writeBytes(disk: string, from: number, bytes: Buffer): void {
  const file = openSync(disk, "r+");
  writeSync(file, bytes, 0, bytes.length, from);
  closeSync(file);
}

/** Where `wanted` stands in a stretch of a disk, or -1. */
export function findBytes(disk: string, wanted: Buffer, from: number, length: number): number {
  const at = readBytes(disk, from, length).indexOf(wanted);
  return at < 0 ? -1 : from + at;
}
