/**
 * InstallationSource: the release that is to be installed, as it lies in memory.
 *
 * The kernel fulfils it with the payloads of the handoff. What it hands out is an allegation: the installer hashes every
 * object before the first write. Bytes stay where they are as long as the system runs.
 */
import { ObjectKind } from "../format/manifest.ts";

export interface InstallationSource {
  /** Objects of the release; 0 where this boot brought none. */
  objectCount(): u32;
  objectKind(index: u32): ObjectKind;
  objectBytes(index: u32): Bytes;
  /** The 32 bytes that it must hash to. */
  objectSha256(index: u32): Bytes;
  /** Grows with every release. */
  versionNumber(): u32;
  /** Writes the version as people read it; its length. */
  versionText(into: Bytes): u32;
}

/** What an object of this kind is called in the store. */
export function objectKindName(kind: ObjectKind): string {
  switch (kind) {
    case ObjectKind.other:
      return "other";
    case ObjectKind.kernel:
      return "rayos.elf";
    case ObjectKind.bootManager:
      return "rayboot.efi";
    case ObjectKind.configuration:
      return "rayos.conf";
    case ObjectKind.guestKernel:
      return "guest-kernel";
    case ObjectKind.guestInitrd:
      return "guest-initrd";
    case ObjectKind.guestDisk:
      return "guest-disk";
  }
}

/** The index of the first object of a kind, or -1. */
export function findSourceObject(source: InstallationSource, kind: ObjectKind): i32 {
  for (let i: u32 = 0; i < source.objectCount(); i++) {
    if (source.objectKind(i) === kind) return i32(i);
  }
  return -1;
}
