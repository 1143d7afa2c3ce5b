/**
 * StoreWriter: one change of an object store, all of it or nothing.
 *
 *     begin → (beginObject → appendObject … → finishObject)* → addManifest* → edit draft() → commit
 *
 * Durable steps: 0. what a cut left of a root that never came into force is wiped; 1. objects into blocks that no root names, read back and hashed; 2. manifests into free slots, read back;
 * 3. flush; 4. the new root in both places of its parity; 5. flush. The commit point is the first whole copy of the new root on the
 * medium: before it the old root and everything it names is untouched, after it everything that the new one names is durable.
 * A transaction that is not committed leaves no trace. After a failed commit the store closes itself: open it again to see.
 */
import { Sha256, sha256 } from "../base/sha256.ts";
import { BlockDevice } from "../device/block-device.ts";
import { MANIFEST, MANIFEST_BYTES, OBJECT, objectAt } from "../format/manifest.ts";
import {
  appendReference,
  BLOCK_BYTES,
  MANIFEST_FIRST_BLOCK,
  MANIFEST_LIMIT,
  MANIFEST_SLOTS,
  REFERENCE,
  referenceAt,
  ROOT,
  ROOT_SLOTS,
  sealRoot,
} from "../format/store.ts";
import { blockLba, blocksFor, objectBlocks, ObjectStore, rootSlot, StoreError } from "./object-store.ts";
import { StoreSpace } from "./store-space.ts";

export class StoreWriter {
  private store: ObjectStore | null = null;
  private damaged: u32 = 0;
  private first: u32 = 0;
  private sizeBytes: u64 = 0n;
  private writtenBytes: u64 = 0n;
  private isWriting: boolean = false;
  private readonly space = new StoreSpace();
  private readonly hash = new Sha256();
  private readonly root = new Uint8Array(BLOCK_BYTES);
  private readonly block = new Uint8Array(BLOCK_BYTES);
  private readonly digest = new Uint8Array(32);

  /** Starts a transaction: marks what is taken, and forgets whatever was begun before and not committed. */
  begin(store: ObjectStore): Result<void, StoreError> {
    this.store = null;
    this.isWriting = false;
    const device = store.openDevice();
    if (device === null) return err(StoreError.closed);
    // The root in force may still stand in the drive's cache only (a commit whose flush nobody saw return). What it no longer names
    // is about to be overwritten, so it has to be durable first.
    const flushed = device.flush();
    if (!flushed.ok) return err(StoreError.io);
    const wiped = this.wipeTornRoot(store, device);
    if (!wiped.ok) return wiped;
    bytesOf(this.root).copyFrom(store.root());
    const marked = this.markAll(store);
    if (!marked.ok) return marked;
    this.store = store;
    return ok();
  }

  /** Manifests whose hash did not match when marking: their references stay, their objects are not protected. */
  damagedManifests(): u32 {
    return this.damaged;
  }

  /** Blocks that the living objects take. */
  takenBlocks(): u64 {
    return this.space.takenBlocks();
  }

  /** The root as the commit will write it: set current, golden, floor; remove references. Only after `begin`. */
  draft(): Bytes {
    assert(this.store !== null);
    return bytesOf(this.root);
  }

  /** Uses an object that the store already has: fills in the place, and says whether it could. Nothing is read. */
  linkObject(object: Bytes, sizeBytes: u64, digest: Bytes): boolean {
    const index = this.space.find(sizeBytes, digest);
    if (index < 0) return false;
    this.describe(object, this.space.firstBlock(u32(index)), sizeBytes, digest);
    return true;
  }

  /** Finds room for an object of exactly this size. */
  beginObject(sizeBytes: u64): Result<void, StoreError> {
    if (this.store === null) return err(StoreError.closed);
    const end: u32 = ROOT.blockCount.get(bytesOf(this.root)) - ROOT_SLOTS;
    const first = this.space.findGap(blocksFor(sizeBytes), end);
    if (first === 0) return err(StoreError.full);
    this.first = first;
    this.sizeBytes = sizeBytes;
    this.writtenBytes = 0n;
    this.isWriting = true;
    this.hash.begin();
    return ok();
  }

  /** Appends bytes: whole blocks in every call but the last. Large calls are large writes. */
  appendObject(bytes: Bytes): Result<void, StoreError> {
    const device = this.openDevice();
    if (device === null) return err(StoreError.closed);
    if (!this.isWriting || this.writtenBytes % BigInt(BLOCK_BYTES) !== 0n) return err(StoreError.wrongSize);
    if (this.writtenBytes + BigInt(bytes.length) > this.sizeBytes) return err(StoreError.wrongSize);
    const at: u32 = this.first + blocksFor(this.writtenBytes);
    const restBytes = bytes.length % BLOCK_BYTES;
    const wholeBytes = u32(bytes.length - restBytes);
    if (wholeBytes > 0) {
      const written = device.write(blockLba(device, at), bytes.slice(0, wholeBytes));
      if (!written.ok) return err(StoreError.io);
    }
    if (restBytes > 0) {
      const rest = bytesOf(this.block);
      rest.fill(0);
      rest.slice(0, restBytes).copyFrom(bytes.slice(wholeBytes, restBytes));
      const written = device.write(blockLba(device, at + Math.trunc(wholeBytes / BLOCK_BYTES)), rest);
      if (!written.ok) return err(StoreError.io);
    }
    this.hash.update(bytes);
    this.writtenBytes += BigInt(bytes.length);
    return ok();
  }

  /**
   * Reads the object back through `scratch` (whole blocks), proves it, and fills in hash, size and place of `object`. If the
   * store had the same bytes already, and has them whole, that copy is used and the new one is forgotten.
   */
  finishObject(object: Bytes, scratch: Bytes): Result<void, StoreError> {
    const store = this.store;
    if (store === null) return err(StoreError.closed);
    if (!this.isWriting || this.writtenBytes !== this.sizeBytes) return err(StoreError.wrongSize);
    this.isWriting = false;
    const digest = bytesOf(this.digest);
    this.hash.finish(digest);
    if (this.linkObject(object, this.sizeBytes, digest)) {
      const known = store.verifyObject(object, scratch);
      if (known.ok) return ok();
    }
    this.describe(object, this.first, this.sizeBytes, digest);
    const verified = store.verifyObject(object, scratch);
    if (!verified.ok) return verified;
    const blocks = objectBlocks(object);
    if (!this.space.mark(this.first, blocks, this.sizeBytes, digest)) return err(StoreError.limit);
    return ok();
  }

  /** The id for a new manifest, each given once in the life of a store. */
  takeManifestId(): u32 {
    const root = this.draft();
    const id = ROOT.nextManifestId.get(root);
    ROOT.nextManifestId.set(root, id + 1);
    return id;
  }

  /** Writes a finished manifest and names it in the draft. Its id must not be in the draft yet. */
  addManifest(manifest: Bytes, pinned: boolean): Result<void, StoreError> {
    assert(manifest.length === MANIFEST_BYTES);
    const store = this.store;
    const device = this.openDevice();
    if (store === null || device === null) return err(StoreError.closed);
    const root = bytesOf(this.root);
    if (ROOT.manifestCount.get(root) >= MANIFEST_LIMIT) return err(StoreError.limit);
    const block = freeManifestBlock(store.root(), root);
    const written = device.write(blockLba(device, block), manifest);
    if (!written.ok) return err(StoreError.io);
    const read = device.read(blockLba(device, block), bytesOf(this.block));
    if (!read.ok) return err(StoreError.io);
    if (!bytesOf(this.block).equals(manifest)) return err(StoreError.corrupt);
    const reference = appendReference(root);
    REFERENCE.manifestId.set(reference, MANIFEST.manifestId.get(manifest));
    REFERENCE.block.set(reference, block);
    REFERENCE.versionNumber.set(reference, MANIFEST.versionNumber.get(manifest));
    REFERENCE.kind.set(reference, u8(MANIFEST.kind.get(manifest)));
    REFERENCE.pinned.set(reference, pinned ? 1 : 0);
    REFERENCE.createdSeconds.set(reference, MANIFEST.createdSeconds.get(manifest));
    sha256(manifest, REFERENCE.sha256.of(reference));
    return ok();
  }

  /** Makes the draft the root. Durable on `ok`; on an error the store is closed, and holds either the old root or the new one. */
  commit(seconds: u64): Result<void, StoreError> {
    const store = this.store;
    const device = this.openDevice();
    if (store === null || device === null) return err(StoreError.closed);
    this.store = null;
    const root = bytesOf(this.root);
    const sequence: u64 = ROOT.sequence.get(store.root()) + 1n;
    ROOT.committedSeconds.set(root, seconds);
    sealRoot(root, sequence);
    const written = writeRoot(device, root, rootSlot(sequence));
    if (!written.ok) {
      store.close();
      return written;
    }
    store.adoptRoot(root);
    return ok();
  }

  /** Step 0. No sector of a root is all ones, so that no part of this, whatever is cut off, makes one whole. */
  private wipeTornRoot(store: ObjectStore, device: BlockDevice): Result<void, StoreError> {
    if (!store.hasTornRoot()) return ok();
    const ones = bytesOf(this.block);
    ones.fill(0xff);
    const slot = rootSlot(ROOT.sequence.get(store.root()) + 1n);
    const wiped = writeBothCopies(device, ones, slot, ROOT.blockCount.get(store.root()));
    if (wiped.ok) store.forgetTornRoot();
    return wiped;
  }

  private openDevice(): BlockDevice | null {
    const store = this.store;
    if (store === null) return null;
    return store.openDevice();
  }

  private describe(object: Bytes, first: u32, sizeBytes: u64, digest: Bytes): void {
    OBJECT.firstBlock.set(object, first);
    OBJECT.sizeBytes.set(object, sizeBytes);
    OBJECT.sha256.of(object).copyFrom(digest);
  }

  /** Marks every object of every manifest that the root names. An unreadable manifest stops the transaction before it wrote anything. */
  private markAll(store: ObjectStore): Result<void, StoreError> {
    this.space.clear();
    this.damaged = 0;
    const root = store.root();
    const manifest = bytesOf(this.block);
    const count = ROOT.manifestCount.get(root);
    for (let i: u32 = 0; i < count; i++) {
      const read = store.readManifest(REFERENCE.manifestId.get(referenceAt(root, i)), manifest);
      if (read.ok) {
        if (!this.markManifest(manifest)) return err(StoreError.limit);
      } else if (read.error === StoreError.corrupt) {
        this.damaged++;
      } else {
        return read;
      }
    }
    return ok();
  }

  private markManifest(manifest: Bytes): boolean {
    const count = MANIFEST.objectCount.get(manifest);
    for (let i: u32 = 0; i < count; i++) {
      const object = objectAt(manifest, i);
      const first = OBJECT.firstBlock.get(object);
      const sizeBytes = OBJECT.sizeBytes.get(object);
      if (!this.space.mark(first, blocksFor(sizeBytes), sizeBytes, OBJECT.sha256.of(object))) return false;
    }
    return true;
  }
}

/** Steps 3 to 5 of a commit. */
function writeRoot(device: BlockDevice, root: Bytes, slot: u32): Result<void, StoreError> {
  // 3. What the new root names is durable before the root is.
  const before = device.flush();
  if (!before.ok) return err(StoreError.io);
  // 4. and 5. The commit point: the first of the copies that is whole on the medium.
  return writeBothCopies(device, root, slot, ROOT.blockCount.get(root));
}

/** Writes a block to the same place at both ends of the store, durable on return. */
function writeBothCopies(
  device: BlockDevice,
  block: Bytes,
  slot: u32,
  blockCount: u32,
): Result<void, StoreError> {
  const front = device.write(blockLba(device, slot), block);
  if (!front.ok) return err(StoreError.io);
  const back = device.write(blockLba(device, blockCount - ROOT_SLOTS + slot), block);
  if (!back.ok) return err(StoreError.io);
  const after = device.flush();
  if (!after.ok) return err(StoreError.io);
  return ok();
}

/** A manifest slot that neither the root in force nor the draft names: with 128 slots for twice 64 there is one. */
function freeManifestBlock(root: Bytes, draft: Bytes): u32 {
  for (let block: u32 = MANIFEST_FIRST_BLOCK; block < MANIFEST_FIRST_BLOCK + MANIFEST_SLOTS; block++) {
    if (!namesBlock(root, block) && !namesBlock(draft, block)) return block;
  }
  unreachable("the manifest slots are twice the limit of manifests");
}

function namesBlock(root: Bytes, block: u32): boolean {
  const count = ROOT.manifestCount.get(root);
  for (let i: u32 = 0; i < count; i++) {
    if (REFERENCE.block.get(referenceAt(root, i)) === block) return true;
  }
  return false;
}
