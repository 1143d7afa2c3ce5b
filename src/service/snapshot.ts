/**
 * RecoverySnapshot: checkpoints of a known-good state, over the object stores (specification, section 5).
 *
 * A snapshot is a manifest that names the objects of the current one again: one block, however large the release. The last three
 * manifests whose boots turned golden are kept as such, each with a copy of its own in the recovery partition; pinned ones stay
 * besides. Restoring is one root write. Every operation is one transaction per store: after a power cut the old state or the new one.
 * Used by the kernel when a boot turns golden and by the shell's recovery commands. Nothing is restored unasked here.
 */
import { MARKER_BYTES, rollback } from "../base/markers.ts";
import { TextWriter } from "../base/text-writer.ts";
import { MarkerSink } from "../device/marker-sink.ts";
import { MANIFEST, MANIFEST_BYTES, ManifestKind, OBJECT, objectAt, setLabel } from "../format/manifest.ts";
import {
  BLOCK_BYTES,
  findReference,
  GOLDEN_LIMIT,
  goldenId,
  isGolden,
  REFERENCE,
  referenceAt,
  removeReference,
  ROOT,
} from "../format/store.ts";
import { demoteGolden, dropUnretained, promoteGolden } from "../policy/retention.ts";
import { beginSeries, seriesOf, setSeries } from "../policy/tries.ts";
import { objectBlocks, ObjectStore, StoreError } from "../storage/object-store.ts";
import { StoreWriter } from "../storage/store-writer.ts";

/** One line of `recovery list` and of the boot menu. */
export class SnapshotEntry {
  manifestId: u32 = 0;
  versionNumber: u32 = 0;
  createdSeconds: u64 = 0n;
  isSnapshot: boolean = false;
  isCurrent: boolean = false;
  isGolden: boolean = false;
  isPinned: boolean = false;
}

export class RecoverySnapshot {
  private readonly writer = new StoreWriter();
  private readonly manifest = new Uint8Array(MANIFEST_BYTES);
  private readonly copied = new Uint8Array(MANIFEST_BYTES);
  private readonly line = new Uint8Array(MARKER_BYTES);

  /** Snapshots the current manifest under a label, pinned: it stays until `unpin`. Its id. */
  create(store: ObjectStore, label: Bytes, seconds: u64): Result<u32, StoreError> {
    if (!store.isOpen()) return err(StoreError.closed);
    const manifest = bytesOf(this.manifest);
    const currentId = ROOT.currentId.get(store.root());
    const read = store.readManifest(currentId, manifest);
    if (!read.ok) return err(read.error);
    const begun = this.writer.begin(store);
    if (!begun.ok) return err(begun.error);
    const id = this.writer.takeManifestId();
    MANIFEST.manifestId.set(manifest, id);
    MANIFEST.kind.set(manifest, ManifestKind.snapshot);
    MANIFEST.parentId.set(manifest, currentId);
    MANIFEST.createdSeconds.set(manifest, seconds);
    setLabel(manifest, label);
    const added = this.writer.addManifest(manifest, true);
    if (!added.ok) return err(added.error);
    setSeries(this.writer.draft(), id, seriesOf(this.writer.draft(), currentId));
    const committed = this.writer.commit(seconds);
    if (!committed.ok) return err(committed.error);
    return ok(id);
  }

  /**
   * A boot of this manifest turned golden: it becomes the newest of three, and the version floor rises to it. After a fallback
   * `becomesCurrent` also makes it the current one, and that is said; a trial waits for its user's word. Nothing is written if
   * all of that is so already.
   */
  promote(
    store: ObjectStore,
    manifestId: u32,
    becomesCurrent: boolean,
    reason: Bytes,
    seconds: u64,
    sink: MarkerSink,
  ): Result<void, StoreError> {
    if (!store.isOpen()) return err(StoreError.closed);
    const index = findReference(store.root(), manifestId);
    if (index < 0) return err(StoreError.noManifest);
    const currentId = ROOT.currentId.get(store.root());
    const staysCurrent = currentId === manifestId || !becomesCurrent;
    if (staysCurrent && ROOT.goldenId0.get(store.root()) === manifestId) return ok();
    const begun = this.writer.begin(store);
    if (!begun.ok) return begun;
    const draft = this.writer.draft();
    promoteGolden(draft, manifestId);
    const version = REFERENCE.versionNumber.get(referenceAt(draft, u32(index)));
    if (version > ROOT.versionFloor.get(draft)) ROOT.versionFloor.set(draft, version);
    return this.makeCurrent(staysCurrent ? currentId : manifestId, reason, seconds, sink);
  }

  /**
   * Gives the recovery store its own copy of a manifest, golden there too, with whatever objects it lacks. Everything is hashed as
   * it is read and again as it was written. `scratch` holds whole blocks; large is fast.
   */
  copyToRecovery(
    from: ObjectStore,
    to: ObjectStore,
    manifestId: u32,
    seconds: u64,
    scratch: Bytes,
  ): Result<void, StoreError> {
    if (!from.isOpen() || !to.isOpen()) return err(StoreError.closed);
    if (ROOT.goldenId0.get(to.root()) === manifestId && findReference(to.root(), manifestId) >= 0)
      return ok();
    const copied = this.copyManifest(from, to, manifestId, seconds, scratch);
    if (!copied.ok) {
      if (copied.error !== StoreError.full) return copied;
      const retried = this.copyInPlaceOfOldest(from, to, manifestId, seconds, scratch);
      if (!retried.ok) return retried;
    }
    const draft = this.writer.draft();
    promoteGolden(draft, manifestId);
    setSeries(draft, manifestId, seriesOf(from.root(), manifestId));
    ROOT.previousId.set(draft, ROOT.currentId.get(draft));
    ROOT.currentId.set(draft, manifestId);
    dropUnretained(draft);
    return this.writer.commit(seconds);
  }

  /**
   * The user's word: this manifest boots from now on, with tries of its own. Its objects are proven first. The version floor gives way if it must:
   * whoever asks for an older release gets it. `scratch` holds whole blocks.
   */
  restore(
    store: ObjectStore,
    manifestId: u32,
    seconds: u64,
    scratch: Bytes,
    sink: MarkerSink,
  ): Result<void, StoreError> {
    const verified = this.verify(store, manifestId, scratch);
    if (!verified.ok) return verified;
    if (ROOT.currentId.get(store.root()) === manifestId) return ok();
    const version = MANIFEST.versionNumber.get(bytesOf(this.manifest));
    const begun = this.writer.begin(store);
    if (!begun.ok) return begun;
    const draft = this.writer.draft();
    if (version < ROOT.versionFloor.get(draft)) ROOT.versionFloor.set(draft, version);
    beginSeries(draft, manifestId);
    return this.makeCurrent(manifestId, utf8("restore"), seconds, sink);
  }

  /** Brings a manifest back from the recovery store into the system store, where it is missing or damaged, and makes it current. */
  restoreFromRecovery(
    recovery: ObjectStore,
    system: ObjectStore,
    manifestId: u32,
    seconds: u64,
    scratch: Bytes,
    sink: MarkerSink,
  ): Result<void, StoreError> {
    if (!recovery.isOpen() || !system.isOpen()) return err(StoreError.closed);
    const copied = this.copyManifest(recovery, system, manifestId, seconds, scratch);
    if (!copied.ok) return copied;
    const draft = this.writer.draft();
    promoteGolden(draft, manifestId);
    const version = MANIFEST.versionNumber.get(bytesOf(this.copied));
    if (version < ROOT.versionFloor.get(draft)) ROOT.versionFloor.set(draft, version);
    beginSeries(draft, manifestId);
    return this.makeCurrent(manifestId, utf8("restore-from-recovery"), seconds, sink);
  }

  /** Proves a manifest and every object of it. */
  verify(store: ObjectStore, manifestId: u32, scratch: Bytes): Result<void, StoreError> {
    const manifest = bytesOf(this.manifest);
    const read = store.readManifest(manifestId, manifest);
    if (!read.ok) return read;
    const count = MANIFEST.objectCount.get(manifest);
    for (let i: u32 = 0; i < count; i++) {
      const verified = store.verifyObject(objectAt(manifest, i), scratch);
      if (!verified.ok) return verified;
    }
    return ok();
  }

  /** Pins a manifest, or lets it go with the next change if nothing else keeps it. */
  setPinned(store: ObjectStore, manifestId: u32, pinned: boolean, seconds: u64): Result<void, StoreError> {
    const begun = this.writer.begin(store);
    if (!begun.ok) return begun;
    const index = findReference(this.writer.draft(), manifestId);
    if (index < 0) return err(StoreError.noManifest);
    REFERENCE.pinned.set(referenceAt(this.writer.draft(), u32(index)), pinned ? 1 : 0);
    return this.writer.commit(seconds);
  }

  /** How many manifests the store has. */
  count(store: ObjectStore): u32 {
    return store.isOpen() ? ROOT.manifestCount.get(store.root()) : 0;
  }

  /** Fills in the `index`-th manifest, from the newest to the oldest. */
  list(store: ObjectStore, index: u32, into: SnapshotEntry): void {
    const root = store.root();
    const reference = referenceAt(root, ROOT.manifestCount.get(root) - 1 - index);
    const id = REFERENCE.manifestId.get(reference);
    into.manifestId = id;
    into.versionNumber = REFERENCE.versionNumber.get(reference);
    into.createdSeconds = REFERENCE.createdSeconds.get(reference);
    into.isSnapshot = REFERENCE.kind.get(reference) === ManifestKind.snapshot;
    into.isCurrent = id === ROOT.currentId.get(root);
    into.isGolden = isGolden(root, id);
    into.isPinned = REFERENCE.pinned.get(reference) !== 0;
  }

  /** Ends a transaction with `manifestId` current. The commit is the rollback; the marker follows it. */
  private makeCurrent(
    manifestId: u32,
    reason: Bytes,
    seconds: u64,
    sink: MarkerSink,
  ): Result<void, StoreError> {
    const draft = this.writer.draft();
    const before = ROOT.currentId.get(draft);
    if (before !== manifestId) {
      ROOT.previousId.set(draft, before);
      ROOT.currentId.set(draft, manifestId);
    }
    dropUnretained(draft);
    const committed = this.writer.commit(seconds);
    if (!committed.ok) return committed;
    if (before !== manifestId && before !== 0) {
      const out = new TextWriter(bytesOf(this.line));
      rollback(out, before, manifestId, reason);
      sink.emit(out.written());
    }
    return ok();
  }

  /** Begins a transaction on `to` and leaves in its draft a copy of a manifest under its own id. The caller commits. */
  private copyManifest(
    from: ObjectStore,
    to: ObjectStore,
    manifestId: u32,
    seconds: u64,
    scratch: Bytes,
  ): Result<void, StoreError> {
    const source = bytesOf(this.manifest);
    const target = bytesOf(this.copied);
    const read = from.readManifest(manifestId, source);
    if (!read.ok) return read;
    const begun = this.writer.begin(to);
    if (!begun.ok) return begun;
    target.copyFrom(source);
    const count = MANIFEST.objectCount.get(source);
    for (let i: u32 = 0; i < count; i++) {
      const copied = this.copyObject(from, to, objectAt(source, i), objectAt(target, i), scratch);
      if (!copied.ok) return copied;
    }
    const draft = this.writer.draft();
    const known = findReference(draft, manifestId);
    const pinned = known >= 0 && REFERENCE.pinned.get(referenceAt(draft, u32(known))) !== 0;
    if (known >= 0) removeReference(draft, u32(known));
    if (ROOT.nextManifestId.get(draft) <= manifestId) ROOT.nextManifestId.set(draft, manifestId + 1);
    ROOT.committedSeconds.set(draft, seconds);
    return this.writer.addManifest(target, pinned);
  }

  /** A partition with room for three: the oldest of three copies goes, durably, before the new one comes. Two remain meanwhile. */
  private copyInPlaceOfOldest(
    from: ObjectStore,
    to: ObjectStore,
    manifestId: u32,
    seconds: u64,
    scratch: Bytes,
  ): Result<void, StoreError> {
    const oldest = goldenId(to.root(), GOLDEN_LIMIT - 1);
    if (oldest === 0) return err(StoreError.full);
    const begun = this.writer.begin(to);
    if (!begun.ok) return begun;
    demoteGolden(this.writer.draft(), oldest);
    dropUnretained(this.writer.draft());
    const committed = this.writer.commit(seconds);
    if (!committed.ok) return committed;
    return this.copyManifest(from, to, manifestId, seconds, scratch);
  }

  /** Copies one object unless the target store has it, whole. */
  private copyObject(
    from: ObjectStore,
    to: ObjectStore,
    source: Bytes,
    target: Bytes,
    scratch: Bytes,
  ): Result<void, StoreError> {
    const sizeBytes = OBJECT.sizeBytes.get(source);
    if (this.writer.linkObject(target, sizeBytes, OBJECT.sha256.of(source))) {
      const whole = to.verifyObject(target, scratch);
      if (whole.ok) return ok();
    }
    const begun = this.writer.beginObject(sizeBytes);
    if (!begun.ok) return begun;
    const blocks = objectBlocks(source);
    for (let at: u32 = 0; at < blocks; at += (scratch.length / BLOCK_BYTES) >>> 0) {
      const piece = from.readPiece(source, at, scratch);
      if (!piece.ok) return err(piece.error);
      const appended = this.writer.appendObject(piece.value);
      if (!appended.ok) return appended;
    }
    const finished = this.writer.finishObject(target, scratch);
    if (!finished.ok) return finished;
    // What was read from the source was not what the manifest promises: the copy is faithful, and worthless.
    if (!OBJECT.sha256.of(target).equals(OBJECT.sha256.of(source))) return err(StoreError.corrupt);
    return ok();
  }
}
