/**
 * ReleaseWriter: puts the release that lies in memory into an object store, a piece at a time: into a new one (`begin`), or beside what
 * a store holds already (`beginBeside`).
 *
 * Steps: 1. the store, empty or as it is; 2. each object, written in large pieces, read back and hashed, and compared with the hash that
 * the boot manager vouched for; 3. the manifest; 4. `commit`: the root, which is the commit point: before it a new store holds
 * nothing that boots, and an old one what it held. Beside an installed release the configuration of that one is kept, as it is its
 * user's; the installed release becomes the previous one. Whoever changes something outside the store in between calls `announce`
 * first: a root that names the release, and starts the installed one. Used by the installer for both stores, and by the update.
 */
import {
  appendObject,
  findObject,
  makeManifest,
  MANIFEST,
  MANIFEST_BYTES,
  ManifestKind,
  OBJECT,
  objectAt,
  ObjectKind,
  objectName,
  setVersion,
} from "../format/manifest.ts";
import {
  findReference,
  isPending,
  Pin,
  REFERENCE,
  referenceAt,
  removeReference,
  ROOT,
} from "../format/store.ts";
import { dropUnretained, settlePending } from "../policy/retention.ts";
import { beginSeries } from "../policy/tries.ts";
import { ObjectStore, StoreError } from "../storage/object-store.ts";
import { Region } from "../storage/region.ts";
import { StoreWriter } from "../storage/store-writer.ts";
import { InstallationSource, objectKindName } from "./installation-source.ts";

/** What is written in one step. */
const PIECE_BYTES = 1048576;
const VERSION_ROOM = 32;
const OBJECT_BYTES = 128;

export class ReleaseWriter {
  private readonly store = new ObjectStore();
  private readonly writer = new StoreWriter();
  private readonly manifest = new Uint8Array(MANIFEST_BYTES);
  private readonly installed = new Uint8Array(MANIFEST_BYTES);
  private readonly known = new Uint8Array(OBJECT_BYTES);
  private readonly version = new Uint8Array(VERSION_ROOM);
  private seconds: u64 = 0n;
  private object: u32 = 0;
  private writtenBytes: u32 = 0;
  private isConfigurationKept: boolean = false;

  /** Makes the empty store and starts its first transaction. `storeId` and `installationId` have 16 bytes. */
  begin(
    region: Region,
    source: InstallationSource,
    storeId: Bytes,
    installationId: Bytes,
    seconds: u64,
  ): Result<void, StoreError> {
    const created = this.store.create(region, storeId, installationId, seconds);
    if (!created.ok) return created;
    return this.beginRelease(source, seconds);
  }

  /** Opens the store of an installation and starts a transaction. `scratch` has whole blocks. */
  beginBeside(
    region: Region,
    source: InstallationSource,
    seconds: u64,
    scratch: Bytes,
  ): Result<void, StoreError> {
    const opened = this.store.open(region);
    if (!opened.ok) return opened;
    const begun = this.beginRelease(source, seconds);
    if (!begun.ok) return begun;
    const currentId = ROOT.currentId.get(this.store.root());
    MANIFEST.parentId.set(bytesOf(this.manifest), currentId);
    this.keepConfiguration(currentId, scratch);
    return ok();
  }

  /** Whether the installed configuration is kept. One that does not match its checksum is not: that of the release takes its place. */
  keepsConfiguration(): boolean {
    return this.isConfigurationKept;
  }

  /** The id that the release will have. */
  manifestId(): u32 {
    return MANIFEST.manifestId.get(bytesOf(this.manifest));
  }

  /** Writes the next piece; false when all is written, and only the commit is left. `scratch` has whole blocks, for reading back. */
  step(source: InstallationSource, scratch: Bytes): Result<boolean, StoreError> {
    if (this.object === source.objectCount()) {
      const added = this.writer.addManifest(bytesOf(this.manifest), false);
      return added.ok ? ok(false) : err(added.error);
    }
    if (this.isConfigurationKept && source.objectKind(this.object) === ObjectKind.configuration) {
      this.object++;
      return ok(true);
    }
    const bytes = source.objectBytes(this.object);
    if (this.writtenBytes === 0) {
      if (this.linkObject(source, scratch)) {
        this.object++;
        return ok(true);
      }
      const begun = this.writer.beginObject(BigInt(bytes.length));
      if (!begun.ok) return err(begun.error);
    }
    const left: u32 = bytes.length - this.writtenBytes;
    const length = u32(Math.min(left, PIECE_BYTES));
    const appended = this.writer.appendObject(bytes.slice(this.writtenBytes, length));
    if (!appended.ok) return err(appended.error);
    this.writtenBytes += length;
    if (this.writtenBytes < bytes.length) return ok(true);
    const finished = this.finishObject(source, scratch);
    return finished.ok ? ok(true) : err(finished.error);
  }

  /** Names the release in the root, durably, as one that is to come: it stays, and is not started. `commit` is next. */
  announce(): Result<void, StoreError> {
    const draft = this.writer.draft();
    this.dropEqualPending(draft);
    const index = findReference(draft, this.manifestId());
    assert(index >= 0, "the manifest was added");
    REFERENCE.pinned.set(referenceAt(draft, u32(index)), Pin.pending);
    const committed = this.writer.commit(this.seconds);
    if (!committed.ok) return committed;
    return this.writer.begin(this.store);
  }

  /** The release becomes the current one: the commit point. What was current is the previous one. */
  commit(): Result<void, StoreError> {
    const draft = this.writer.draft();
    ROOT.previousId.set(draft, ROOT.currentId.get(draft));
    ROOT.currentId.set(draft, this.manifestId());
    beginSeries(draft, this.manifestId());
    settlePending(draft);
    dropUnretained(draft);
    return this.writer.commit(this.seconds);
  }

  /** What an update left that was cut short is kept for its boot manager: where the new release has the same one, it goes. */
  private dropEqualPending(draft: Bytes): void {
    const own = findObject(bytesOf(this.manifest), ObjectKind.bootManager);
    if (own < 0) return;
    const digest = OBJECT.sha256.of(objectAt(bytesOf(this.manifest), u32(own)));
    const left = bytesOf(this.installed);
    for (let i: u32 = ROOT.manifestCount.get(draft); i > 0; i--) {
      const reference = referenceAt(draft, i - 1);
      if (!isPending(reference)) continue;
      const read = this.store.readManifest(REFERENCE.manifestId.get(reference), left);
      if (!read.ok) continue;
      const index = findObject(left, ObjectKind.bootManager);
      if (index < 0) continue;
      if (OBJECT.sha256.of(objectAt(left, u32(index))).equals(digest)) removeReference(draft, i - 1);
    }
  }

  private beginRelease(source: InstallationSource, seconds: u64): Result<void, StoreError> {
    const manifest = bytesOf(this.manifest);
    const version = bytesOf(this.version);
    this.seconds = seconds;
    this.object = 0;
    this.writtenBytes = 0;
    this.isConfigurationKept = false;
    const begun = this.writer.begin(this.store);
    if (!begun.ok) return begun;
    makeManifest(manifest, this.writer.takeManifestId(), ManifestKind.release, seconds);
    setVersion(manifest, source.versionNumber(), version.slice(0, source.versionText(version)));
    return ok();
  }

  /** Uses an object of the same bytes that the store has already, whole: false where there is none. */
  private linkObject(source: InstallationSource, scratch: Bytes): boolean {
    const known = bytesOf(this.known);
    const kind = source.objectKind(this.object);
    const sizeBytes = BigInt(source.objectBytes(this.object).length);
    known.fill(0);
    if (!this.writer.linkObject(known, sizeBytes, source.objectSha256(this.object))) return false;
    const whole = this.store.verifyObject(known, scratch);
    if (!whole.ok) return false;
    const entry = appendObject(bytesOf(this.manifest), utf8(objectKindName(kind)), kind);
    return this.writer.linkObject(entry, sizeBytes, source.objectSha256(this.object));
  }

  private finishObject(source: InstallationSource, scratch: Bytes): Result<void, StoreError> {
    const kind = source.objectKind(this.object);
    const entry = appendObject(bytesOf(this.manifest), utf8(objectKindName(kind)), kind);
    const finished = this.writer.finishObject(entry, scratch);
    if (!finished.ok) return finished;
    // What was read back is what was vouched for, not merely what lay in memory when it was written.
    if (!OBJECT.sha256.of(entry).equals(source.objectSha256(this.object))) return err(StoreError.corrupt);
    this.object++;
    this.writtenBytes = 0;
    return ok();
  }

  /** Takes the configuration of the installed release into the new manifest: the same extent, nothing is written. */
  private keepConfiguration(currentId: u32, scratch: Bytes): void {
    const installed = bytesOf(this.installed);
    const read = this.store.readManifest(currentId, installed);
    if (!read.ok) return;
    const index = findObject(installed, ObjectKind.configuration);
    if (index < 0) return;
    const object = objectAt(installed, u32(index));
    const whole = this.store.verifyObject(object, scratch);
    if (!whole.ok) return;
    appendObject(bytesOf(this.manifest), objectName(object), ObjectKind.configuration).copyFrom(object);
    this.isConfigurationKept = true;
  }
}

/** The word for an error of a store, for reasons in markers. */
export function storeErrorName(error: StoreError): string {
  switch (error) {
    case StoreError.io:
      return "io-error";
    case StoreError.notAStore:
      return "no-store";
    case StoreError.damagedRoot:
      return "damaged-root";
    case StoreError.newer:
      return "newer-version";
    case StoreError.tooSmall:
      return "too-small";
    case StoreError.full:
      return "full";
    case StoreError.limit:
      return "table-full";
    case StoreError.noManifest:
      return "no-manifest";
    case StoreError.corrupt:
      return "checksum-mismatch";
    case StoreError.bufferTooSmall:
      return "buffer-too-small";
    case StoreError.closed:
      return "closed";
    case StoreError.wrongSize:
      return "wrong-size";
  }
}
