// The object stores of a disk file, read by RayOS' own reader on the host: where a manifest or a kernel lies, in bytes from the
// disk's start, so that a test can hurt exactly that.

import "../../../transpiler/lib/prelude.ts";
import { findObject, MANIFEST_BYTES, OBJECT, objectAt, ObjectKind } from "../../../src/format/manifest.ts";
import {
  BLOCK_BYTES,
  findReference,
  goldenId,
  REFERENCE,
  referenceAt,
  ROOT,
} from "../../../src/format/store.ts";
import { ObjectStore } from "../../../src/storage/object-store.ts";
import { Region } from "../../../src/storage/region.ts";
import { FileDisk } from "../../../tools/host/file-disk.ts";
import { listPartitions } from "./judges.ts";

const SECTOR_BYTES = 512;

export type StoreName = "RayOS system" | "RayOS recovery";

/** What a test wants to know of one manifest of one store. */
export interface Places {
  readonly currentId: number;
  readonly goldenId: number;
  /** The first bytes of the manifest and of its kernel. */
  readonly manifest: number;
  readonly kernel: number;
}

/** Where `manifestId` and its kernel lie in a store. */
export function findPlaces(file: string, name: StoreName, manifestId: number): Places {
  const partition = listPartitions(file).find((each) => each.name === name);
  if (partition === undefined) throw new Error(`${file} has no partition ${name}`);
  const disk = FileDisk.open(file, SECTOR_BYTES, true);
  try {
    const region = new Region();
    must(
      region.open(disk, BigInt(partition.from / SECTOR_BYTES), BigInt(partition.length / SECTOR_BYTES)).ok,
      "region",
    );
    const store = new ObjectStore();
    must(store.open(region).ok, "open");
    const bytes = bytesOf(new Uint8Array(MANIFEST_BYTES));
    must(store.readManifest(manifestId, bytes).ok, `manifest ${manifestId}`);
    const index = findReference(store.root(), manifestId);
    const block = REFERENCE.block.get(referenceAt(store.root(), u32(index)));
    const kernel = OBJECT.firstBlock.get(objectAt(bytes, u32(findObject(bytes, ObjectKind.kernel))));
    return {
      currentId: ROOT.currentId.get(store.root()),
      goldenId: goldenId(store.root(), 0),
      manifest: partition.from + block * BLOCK_BYTES,
      kernel: partition.from + kernel * BLOCK_BYTES,
    };
  } finally {
    disk.close();
  }
}

function must(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(`the store of the disk file does not read: ${what}`);
}
