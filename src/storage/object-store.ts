/**
 * The object store, read: which manifests there are, and their objects, each checked against its SHA-256.
 *
 * Invariants: nothing that was read is handed out before its hash agreed; a store is open only with a root that passed every
 * check; this class writes nothing but a new, empty store. Changing one is `StoreWriter`. Opening takes two reads, a manifest one, an
 * object one. Used by the boot manager, the kernel's recovery, the installer and the image tool. Formats: `format/store.ts`.
 */
import { Sha256 } from "../base/sha256.ts";
import { BlockDevice } from "../device/block-device.ts";
import { checkManifest, MANIFEST_BYTES, OBJECT } from "../format/manifest.ts";
import {
  BLOCK_BYTES,
  checkRoot,
  EXTENT_FIRST_BLOCK,
  findReference,
  makeRoot,
  REFERENCE,
  referenceAt,
  ROOT,
  ROOT_SLOTS,
  RootFault,
  sealRoot,
  STORE_MAXIMUM_BLOCKS,
  STORE_MINIMUM_BLOCKS,
} from "../format/store.ts";

const ENDS_BYTES = 8192;

export const enum StoreError {
  /** The device did not read, write or flush. */
  io = 1,
  /** There is no root of RayOS. */
  notAStore = 2,
  /** There are roots, none of them whole. */
  damagedRoot = 3,
  /** The only whole roots are of a version that this program does not know. */
  newer = 4,
  /** The partition is too small for a store. */
  tooSmall = 5,
  /** No gap is long enough for the object. */
  full = 6,
  /** A fixed table is full: objects of the store, or manifests. */
  limit = 7,
  /** No manifest has this id. */
  noManifest = 8,
  /** What stands on the disk is not what was once written there. */
  corrupt = 9,
  /** The caller's buffer cannot hold the object, rounded up to blocks. */
  bufferTooSmall = 10,
  /** The store is not open, or a commit failed on it: open it again. */
  closed = 11,
  /** More or fewer bytes were appended than the object was announced with. */
  wrongSize = 12,
}

export class ObjectStore {
  private device: BlockDevice | null = null;
  /** The highest sequences that damaged roots claim, in each of the slots. */
  private readonly claimed = new BigUint64Array(ROOT_SLOTS);
  private readonly newest = new Uint8Array(BLOCK_BYTES);
  private readonly ends = new Uint8Array(ENDS_BYTES);
  private readonly digest = new Uint8Array(32);
  private readonly hash = new Sha256();

  /** Takes the newest whole root of up to four copies. */
  open(device: BlockDevice): Result<void, StoreError> {
    this.device = null;
    const blocks = deviceBlocks(device);
    if (blocks < STORE_MINIMUM_BLOCKS) return err(StoreError.tooSmall);
    ROOT.sequence.set(bytesOf(this.newest), 0n);
    for (let slot: u32 = 0; slot < ROOT_SLOTS; slot++) this.claimed[slot] = 0n;
    let fault: StoreError = StoreError.notAStore;
    for (let end: u32 = 0; end < 2; end++) {
      const first: u32 = end === 0 ? 0 : blocks - ROOT_SLOTS;
      const read = device.read(blockLba(device, first), bytesOf(this.ends));
      // One end of the partition may be unreadable: the other has a whole root as well.
      if (!read.ok) fault = StoreError.io;
      else fault = this.considerEnd(blocks, fault);
    }
    if (ROOT.sequence.get(bytesOf(this.newest)) === 0n) return err(fault);
    this.device = device;
    return ok();
  }

  /**
   * Makes an empty store and opens it. Steps: 1. no root of an older store is left; 2. both copies of the first root. The
   * commit point is the flush of 2: before it there is no store.
   */
  create(device: BlockDevice, storeId: Bytes, installationId: Bytes, seconds: u64): Result<void, StoreError> {
    this.device = null;
    const blocks = deviceBlocks(device);
    if (blocks < STORE_MINIMUM_BLOCKS) return err(StoreError.tooSmall);
    const ends = bytesOf(this.ends);
    ends.fill(0);
    const cleared = writeBothEnds(device, blocks, ends);
    if (!cleared.ok) return cleared;
    const root = ends.slice(BLOCK_BYTES, BLOCK_BYTES);
    makeRoot(root, storeId, installationId, blocks);
    ROOT.committedSeconds.set(root, seconds);
    sealRoot(root, 1n);
    const written = writeBothEnds(device, blocks, ends);
    if (!written.ok) return written;
    return this.open(device);
  }

  /** Forgets the device. A store is closed when a commit failed, since nobody knows then which root the disk holds. */
  close(): void {
    this.device = null;
  }

  isOpen(): boolean {
    return this.device !== null;
  }

  /** The root that is in force: for reading. Only while open. */
  root(): Bytes {
    assert(this.isOpen());
    return bytesOf(this.newest);
  }

  /** Reads a manifest into `into` (4 KiB) and proves it against the root. */
  readManifest(manifestId: u32, into: Bytes): Result<void, StoreError> {
    assert(into.length === MANIFEST_BYTES);
    const device = this.device;
    if (device === null) return err(StoreError.closed);
    const index = findReference(this.root(), manifestId);
    if (index < 0) return err(StoreError.noManifest);
    const reference = referenceAt(this.root(), u32(index));
    const read = device.read(blockLba(device, REFERENCE.block.get(reference)), into);
    if (!read.ok) return err(StoreError.io);
    if (!this.hasDigest(into, REFERENCE.sha256.of(reference))) return err(StoreError.corrupt);
    if (!checkManifest(into, manifestId)) return err(StoreError.corrupt);
    return ok();
  }

  /**
   * Reads an object of a manifest into `target`, in one read, and proves it. The result is the view of exactly its bytes;
   * `target` must hold whole blocks (`objectBlocks` of them).
   */
  readObject(object: Bytes, target: Bytes): Result<Bytes, StoreError> {
    const device = this.device;
    if (device === null) return err(StoreError.closed);
    if (!this.extentIsSound(object)) return err(StoreError.corrupt);
    const lengthBytes = BigInt(objectBlocks(object)) * BigInt(BLOCK_BYTES);
    if (lengthBytes > BigInt(target.length)) return err(StoreError.bufferTooSmall);
    const blocks = target.slice(0, u32(Number(lengthBytes)));
    const read = device.read(blockLba(device, OBJECT.firstBlock.get(object)), blocks);
    if (!read.ok) return err(StoreError.io);
    const exact = target.slice(0, u32(Number(OBJECT.sizeBytes.get(object))));
    if (!this.hasDigest(exact, OBJECT.sha256.of(object))) return err(StoreError.corrupt);
    return ok(exact);
  }

  /**
   * Reads blocks of an object from block `fromBlock` of it on, without proof: for copying and for verifying in pieces. Fills as much of
   * `target` (whole blocks) as the object has, and returns the view of the object's bytes in it: empty at the end.
   */
  readPiece(object: Bytes, fromBlock: u32, target: Bytes): Result<Bytes, StoreError> {
    const device = this.device;
    if (device === null) return err(StoreError.closed);
    if (!this.extentIsSound(object)) return err(StoreError.corrupt);
    const blocks = objectBlocks(object);
    if (fromBlock >= blocks) return ok(target.slice(0, 0));
    const room: u32 = (target.length / BLOCK_BYTES) >>> 0;
    const left: u32 = blocks - fromBlock;
    const count: u32 = left < room ? left : room;
    const piece = target.slice(0, count * BLOCK_BYTES);
    const read = device.read(blockLba(device, OBJECT.firstBlock.get(object) + fromBlock), piece);
    if (!read.ok) return err(StoreError.io);
    const leftBytes = OBJECT.sizeBytes.get(object) - BigInt(fromBlock) * BigInt(BLOCK_BYTES);
    if (leftBytes < BigInt(piece.length)) return ok(piece.slice(0, u32(Number(leftBytes))));
    return ok(piece);
  }

  /** Proves an object of any size against its hash, piece by piece through `scratch` (whole blocks). */
  verifyObject(object: Bytes, scratch: Bytes): Result<void, StoreError> {
    assert(scratch.length >= BLOCK_BYTES && scratch.length % BLOCK_BYTES === 0);
    const blocks = objectBlocks(object);
    this.hash.begin();
    for (let at: u32 = 0; at < blocks; at += (scratch.length / BLOCK_BYTES) >>> 0) {
      const piece = this.readPiece(object, at, scratch);
      if (!piece.ok) return err(piece.error);
      this.hash.update(piece.value);
    }
    this.hash.finish(bytesOf(this.digest));
    if (!bytesOf(this.digest).equals(OBJECT.sha256.of(object))) return err(StoreError.corrupt);
    return ok();
  }

  /** For `StoreWriter`: the device, while open. */
  openDevice(): BlockDevice | null {
    return this.device;
  }

  /**
   * For `StoreWriter`: whether a cut left parts of a root that never came into force where the next one goes. What a later write leaves of itself could
   * make them whole.
   */
  hasTornRoot(): boolean {
    const sequence = ROOT.sequence.get(this.root());
    return this.claimed[rootSlot(sequence + 1n)] > sequence;
  }

  /** For `StoreWriter`, after it wiped them. */
  forgetTornRoot(): void {
    for (let slot: u32 = 0; slot < ROOT_SLOTS; slot++) this.claimed[slot] = 0n;
  }

  /** For `StoreWriter`, after its commit: `root` is what the disk holds now. */
  adoptRoot(root: Bytes): void {
    bytesOf(this.newest).copyFrom(root);
  }

  /** Looks at the two roots in `ends`; returns what to say if none at all is found. */
  private considerEnd(blocks: u32, fault: StoreError): StoreError {
    let said: StoreError = fault;
    for (let slot: u32 = 0; slot < ROOT_SLOTS; slot++) {
      const candidate = bytesOf(this.ends).slice(slot * BLOCK_BYTES, BLOCK_BYTES);
      const checked = checkRoot(candidate, blocks);
      if (checked.ok) this.takeIfNewer(candidate);
      else if (checked.error === RootFault.newer) said = StoreError.newer;
      else if (checked.error === RootFault.damaged) {
        const claim = ROOT.sequence.get(candidate);
        if (claim > this.claimed[slot]) this.claimed[slot] = claim;
        if (said === StoreError.notAStore) said = StoreError.damagedRoot;
      }
    }
    return said;
  }

  private takeIfNewer(candidate: Bytes): void {
    const newest = bytesOf(this.newest);
    if (ROOT.sequence.get(candidate) > ROOT.sequence.get(newest)) newest.copyFrom(candidate);
  }

  private hasDigest(bytes: Bytes, expected: Bytes): boolean {
    this.hash.begin();
    this.hash.update(bytes);
    this.hash.finish(bytesOf(this.digest));
    return bytesOf(this.digest).equals(expected);
  }

  /** Whether the object lies wholly among the extents. */
  private extentIsSound(object: Bytes): boolean {
    const first = BigInt(OBJECT.firstBlock.get(object));
    const blocks = (OBJECT.sizeBytes.get(object) + BigInt(BLOCK_BYTES - 1)) / BigInt(BLOCK_BYTES);
    const end = BigInt(ROOT.blockCount.get(this.root()) - ROOT_SLOTS);
    return first >= BigInt(EXTENT_FIRST_BLOCK) && first + blocks <= end;
  }
}

/** Which of the two places at each end a root of this sequence has. */
export function rootSlot(sequence: u64): u32 {
  return u32(Number(sequence % BigInt(ROOT_SLOTS)));
}

/** How many blocks an object takes. Its size must have been checked to fit a store. */
export function objectBlocks(object: Bytes): u32 {
  return blocksFor(OBJECT.sizeBytes.get(object));
}

/** How many blocks `sizeBytes` take; of an impossible size more than any store has. */
export function blocksFor(sizeBytes: u64): u32 {
  const blocks = (sizeBytes + BigInt(BLOCK_BYTES - 1)) / BigInt(BLOCK_BYTES);
  return blocks > 0xffff_ffffn ? 0xffff_ffff : u32(Number(blocks));
}

/** Whole blocks of a device, as far as a store can count. */
export function deviceBlocks(device: BlockDevice): u32 {
  const blocks = (device.sectorCount() * BigInt(device.sectorBytes())) / BigInt(BLOCK_BYTES);
  return blocks > BigInt(STORE_MAXIMUM_BLOCKS) ? STORE_MAXIMUM_BLOCKS : u32(Number(blocks));
}

/** The first sector of a block. */
export function blockLba(device: BlockDevice, block: u32): u64 {
  return (BigInt(block) * BigInt(BLOCK_BYTES)) / BigInt(device.sectorBytes());
}

/** The words for an error, for messages and logs. */
export function storeErrorText(error: StoreError): string {
  switch (error) {
    case StoreError.io:
      return "the disk did not read or write";
    case StoreError.notAStore:
      return "there is no object store";
    case StoreError.damagedRoot:
      return "every copy of the object store's root is damaged";
    case StoreError.newer:
      return "the object store is of a newer version";
    case StoreError.tooSmall:
      return "the partition is too small for an object store";
    case StoreError.full:
      return "the object store is full";
    case StoreError.limit:
      return "the object store has no place for another entry";
    case StoreError.noManifest:
      return "there is no release or snapshot of this id";
    case StoreError.corrupt:
      return "the checksum does not match";
    case StoreError.bufferTooSmall:
      return "the object is larger than the memory for it";
    case StoreError.closed:
      return "the object store is not open";
    case StoreError.wrongSize:
      return "the object has another size than announced";
  }
}

/** Both root blocks at both ends, durable on return. */
function writeBothEnds(device: BlockDevice, blocks: u32, ends: Bytes): Result<void, StoreError> {
  const front = device.write(0n, ends);
  if (!front.ok) return err(StoreError.io);
  const back = device.write(blockLba(device, blocks - ROOT_SLOTS), ends);
  if (!back.ok) return err(StoreError.io);
  const flushed = device.flush();
  if (!flushed.ok) return err(StoreError.io);
  return ok();
}
