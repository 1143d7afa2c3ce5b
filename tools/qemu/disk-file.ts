// Files that serve as disks: made when missing, sparse, and kept.

import { closeSync, copyFileSync, existsSync, ftruncateSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { runOrFail } from "../child.ts";
import type { Toolbox } from "../environment.ts";
import { Failure } from "../failure.ts";

const DEADLINE_MS = 60_000;
export const DEFAULT_DISK_BYTES = 8 * 1024 ** 3;

/** Makes a raw file of zeros that takes no room yet. */
export function makeDisk(path: string, sizeBytes: number): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "w");
  ftruncateSync(file, sizeBytes);
  closeSync(file);
}

/** The format of a disk file by its name; the file is made, 8 GiB large, when it is missing. */
export async function keepDisk(tools: Toolbox, path: string): Promise<"raw" | "qcow2"> {
  const format = path.endsWith(".qcow2") ? "qcow2" : "raw";
  if (existsSync(path)) {
    if (!statSync(path).isFile()) throw new Failure(`${path} is no file; a disk for --disk is a file.`);
    return format;
  }
  if (format === "raw") makeDisk(path, DEFAULT_DISK_BYTES);
  else {
    mkdirSync(dirname(path), { recursive: true });
    const args = ["create", "-q", "-f", "qcow2", path, String(DEFAULT_DISK_BYTES)];
    await runOrFail(tools.qemuImg, args, { deadlineMs: DEADLINE_MS });
  }
  console.error(`Made ${path}, an empty disk of 8 GiB.`);
  return format;
}

/** A fresh copy of the firmware's variables in `folder`, for one run. */
export function copyVariables(tools: Toolbox, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const copy = join(folder, "variables.fd");
  copyFileSync(tools.firmware.variables, copy);
  return copy;
}
