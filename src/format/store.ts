/**
 * The object store's root record, and where things stand on its partition. No I/O: that is `storage/object-store.ts`.
 *
 * The store counts in blocks of 4 KiB, whatever the sector:
 *
 *     0, 1            root records, first copies: sequence even in block 0, odd in block 1
 *     2 … 129         manifests, one a block (manifest.ts)
 *     130 … n - 3     objects in extents
 *     n - 2, n - 1    root records, second copies, even and odd
 *
 * A root names every living manifest with its SHA-256 and says which is current, previous, golden and pinned. It never
 * overwrites the root before it: that one has the other parity. The newest valid copy wins, so whatever is cut short, a whole
 * old or a whole new root is there.
 *
 *        0  magic "RAYSTORE"  version  crc32  sequence
 *       24  store id, installation id
 *       56  blocks, next manifest id, current, previous, golden × 3, version floor, number of manifests, time
 *      512  manifests    64 × 56
 *     4096  end
 */
import { crc32WithoutField } from "../base/crc32.ts";

export const BLOCK_BYTES = 4096;
export const ROOT_SLOTS = 2;
export const MANIFEST_FIRST_BLOCK = 2;
export const MANIFEST_SLOTS = 128;
export const EXTENT_FIRST_BLOCK = 130;
/** Manifests alive at once. Twice as many have room, so that a new one never needs the place of an old one. */
export const MANIFEST_LIMIT = 64;
export const GOLDEN_LIMIT = 3;
/** Blocks are counted in 32 bits: 16 TiB. The least has room for 1 MiB of objects. */
export const STORE_MINIMUM_BLOCKS = 388;
export const STORE_MAXIMUM_BLOCKS = 0xffff_fff0;

/** "RAYSTORE", read big endian. */
const MAGIC = 0x5241_5953_544f_5245n;
const VERSION = 1;
const CRC_AT = 12;
const SEQUENCE_LIMIT = 0x7fff_ffff_ffff_ffffn;

export const ROOT = layout(4096, {
  magic: be64(0),
  version: le32(8),
  crc: le32(12),
  sequence: le64(16),
  storeId: octets(24, 16),
  installationId: octets(40, 16),
  blockCount: le32(56),
  nextManifestId: le32(60),
  /** Manifest ids; 0 for none. */
  currentId: le32(64),
  previousId: le32(68),
  /** The newest first. */
  goldenId0: le32(72),
  goldenId1: le32(76),
  goldenId2: le32(80),
  /** Releases of a lower version number are not booted unasked. */
  versionFloor: le32(84),
  manifestCount: le32(88),
  /** The series that was begun last (`policy/tries.ts`). */
  lastSeries: at8(92),
  reserved0: octets(93, 3),
  committedSeconds: le64(96),
  reserved1: octets(104, 408),
  manifests: octets(512, 3584),
});

/** How a root names a manifest: enough for a menu, without reading it. */
export const REFERENCE = layout(56, {
  manifestId: le32(0),
  block: le32(4),
  versionNumber: le32(8),
  /** A `ManifestKind`. */
  kind: at8(12),
  /** A `Pin`: what keeps it besides its rank. Programs that know only 0 and 1 keep whatever is not 0. */
  pinned: at8(13),
  /** Whose tries its boots are (`policy/tries.ts`); 0 for its own alone. */
  series: at8(14),
  reserved0: at8(15),
  createdSeconds: le64(16),
  sha256: octets(24, 32),
});

/** Why a manifest stays that is neither current nor previous nor golden. */
export const enum Pin {
  none = 0,
  /** Until somebody unpins it. */
  kept = 1,
  /** The release of an update that has not come to its end: the boot files may be its own. Until an update does. */
  pending = 2,
}

export const enum RootFault {
  /** Not written by RayOS. */
  foreign = 1,
  damaged = 2,
  newer = 3,
}

/** An empty root of a store of `blockCount` blocks; its sequence is set when it is sealed. */
export function makeRoot(root: Bytes, storeId: Bytes, installationId: Bytes, blockCount: u32): void {
  assert(root.length === BLOCK_BYTES);
  root.fill(0);
  ROOT.magic.set(root, MAGIC);
  ROOT.version.set(root, VERSION);
  ROOT.storeId.of(root).copyFrom(storeId);
  ROOT.installationId.of(root).copyFrom(installationId);
  ROOT.blockCount.set(root, blockCount);
  ROOT.nextManifestId.set(root, 1);
}

/** The last step before the write. */
export function sealRoot(root: Bytes, sequence: u64): void {
  assert(sequence > 0n && sequence <= SEQUENCE_LIMIT);
  ROOT.sequence.set(root, sequence);
  ROOT.crc.set(root, crc32WithoutField(root, CRC_AT));
}

/** Checks 4 KiB: whole, of this version, within a device of `deviceBlocks`, every reference in its place. */
export function checkRoot(root: Bytes, deviceBlocks: u32): Result<void, RootFault> {
  if (root.length !== BLOCK_BYTES || ROOT.magic.get(root) !== MAGIC) return err(RootFault.foreign);
  if (ROOT.crc.get(root) !== crc32WithoutField(root, CRC_AT)) return err(RootFault.damaged);
  if (ROOT.version.get(root) !== VERSION) return err(RootFault.newer);
  const sequence = ROOT.sequence.get(root);
  if (sequence === 0n || sequence > SEQUENCE_LIMIT) return err(RootFault.damaged);
  const blocks = ROOT.blockCount.get(root);
  if (blocks < STORE_MINIMUM_BLOCKS || blocks > deviceBlocks) return err(RootFault.damaged);
  if (ROOT.manifestCount.get(root) > MANIFEST_LIMIT) return err(RootFault.damaged);
  const count = ROOT.manifestCount.get(root);
  for (let i: u32 = 0; i < count; i++) {
    const block = REFERENCE.block.get(referenceAt(root, i));
    if (block < MANIFEST_FIRST_BLOCK || block >= EXTENT_FIRST_BLOCK) return err(RootFault.damaged);
    if (REFERENCE.manifestId.get(referenceAt(root, i)) === 0) return err(RootFault.damaged);
  }
  return ok();
}

/** The `index`-th reference: a view into the root. */
export function referenceAt(root: Bytes, index: u32): Bytes {
  assert(index < MANIFEST_LIMIT);
  return ROOT.manifests.of(root).slice(index * REFERENCE.byteLength, REFERENCE.byteLength);
}

/** The index of the reference to a manifest, or -1. Id 0 names none. */
export function findReference(root: Bytes, manifestId: u32): i32 {
  if (manifestId === 0) return -1;
  const count = ROOT.manifestCount.get(root);
  for (let i: u32 = 0; i < count; i++) {
    if (REFERENCE.manifestId.get(referenceAt(root, i)) === manifestId) return i32(i);
  }
  return -1;
}

/** Adds an empty reference and returns it. There must be fewer than `MANIFEST_LIMIT`. */
export function appendReference(root: Bytes): Bytes {
  const count = ROOT.manifestCount.get(root);
  assert(count < MANIFEST_LIMIT);
  const reference = referenceAt(root, count);
  reference.fill(0);
  ROOT.manifestCount.set(root, count + 1);
  return reference;
}

/** Takes a reference out; those behind it move up, so that the order of creation stays. */
export function removeReference(root: Bytes, index: u32): void {
  const count = ROOT.manifestCount.get(root);
  assert(index < count);
  for (let i: u32 = index + 1; i < count; i++) referenceAt(root, i - 1).copyFrom(referenceAt(root, i));
  referenceAt(root, count - 1).fill(0);
  ROOT.manifestCount.set(root, count - 1);
}

/** Whether a reference is to the release of an update that has not come to its end. */
export function isPending(reference: Bytes): boolean {
  return REFERENCE.pinned.get(reference) === Pin.pending;
}

/** Whether that can be said of a manifest of this id. */
export function isPendingManifest(root: Bytes, manifestId: u32): boolean {
  const index = findReference(root, manifestId);
  return index >= 0 && isPending(referenceAt(root, u32(index)));
}

/** The id of the `rank`-th newest golden manifest, 0 for none. */
export function goldenId(root: Bytes, rank: u32): u32 {
  switch (rank) {
    case 0:
      return ROOT.goldenId0.get(root);
    case 1:
      return ROOT.goldenId1.get(root);
    case 2:
      return ROOT.goldenId2.get(root);
    default:
      return 0;
  }
}

/** Whether a manifest is one of the golden ones. */
export function isGolden(root: Bytes, manifestId: u32): boolean {
  for (let rank: u32 = 0; rank < GOLDEN_LIMIT; rank++) {
    if (goldenId(root, rank) === manifestId) return manifestId !== 0;
  }
  return false;
}

/** Makes the three golden manifests these, the newest first. */
export function setGolden(root: Bytes, first: u32, second: u32, third: u32): void {
  ROOT.goldenId0.set(root, first);
  ROOT.goldenId1.set(root, second);
  ROOT.goldenId2.set(root, third);
}
