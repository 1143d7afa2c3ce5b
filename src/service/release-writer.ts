/**
 * ReleaseWriter: puts the release that lies in memory into a new object store, a piece at a time.
 *
 * Steps: 1. an empty store; 2. each object, written in large pieces, read back and hashed, and compared with the hash that the
 * boot manager vouched for; 3. the manifest; 4. the root, which is the commit point: before it the store holds nothing that
 * boots. Used by the installer for the system and for the recovery partition.
 */
import { GUID_BYTES } from "../base/guid.ts";
import {
  appendObject,
  makeManifest,
  MANIFEST,
  MANIFEST_BYTES,
  ManifestKind,
  OBJECT,
  setVersion,
} from "../format/manifest.ts";
import { ROOT } from "../format/store.ts";
import { ObjectStore, StoreError } from "../storage/object-store.ts";
import { Region } from "../storage/region.ts";
import { StoreWriter } from "../storage/store-writer.ts";
import { InstallationSource, objectKindName } from "./installation-source.ts";

/** What is written in one step. */
const PIECE_BYTES = 1048576;
const VERSION_ROOM = 32;

export class ReleaseWriter {
  private readonly store = new ObjectStore();
  private readonly writer = new StoreWriter();
  private readonly manifest = new Uint8Array(MANIFEST_BYTES);
  private readonly version = new Uint8Array(VERSION_ROOM);
  private readonly installation = new Uint8Array(GUID_BYTES);
  private seconds: u64 = 0n;
  private object: u32 = 0;
  private writtenBytes: u32 = 0;

  /** Makes the empty store and starts its first transaction. `storeId` and `installationId` have 16 bytes. */
  begin(
    region: Region,
    source: InstallationSource,
    storeId: Bytes,
    installationId: Bytes,
    seconds: u64,
  ): Result<void, StoreError> {
    bytesOf(this.installation).copyFrom(installationId);
    this.seconds = seconds;
    this.object = 0;
    this.writtenBytes = 0;
    const created = this.store.create(region, storeId, installationId, seconds);
    if (!created.ok) return created;
    const begun = this.writer.begin(this.store);
    if (!begun.ok) return begun;
    const version = bytesOf(this.version);
    makeManifest(bytesOf(this.manifest), this.writer.takeManifestId(), ManifestKind.release, seconds);
    setVersion(bytesOf(this.manifest), source.versionNumber(), version.slice(0, source.versionText(version)));
    return ok();
  }

  /** Writes the next piece; false when the release is committed. `scratch` has whole blocks, for reading back. */
  step(source: InstallationSource, scratch: Bytes): Result<boolean, StoreError> {
    if (this.object === source.objectCount()) {
      const committed = this.commit();
      return committed.ok ? ok(false) : err(committed.error);
    }
    const bytes = source.objectBytes(this.object);
    if (this.writtenBytes === 0) {
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

  private commit(): Result<void, StoreError> {
    const added = this.writer.addManifest(bytesOf(this.manifest), false);
    if (!added.ok) return added;
    ROOT.currentId.set(this.writer.draft(), MANIFEST.manifestId.get(bytesOf(this.manifest)));
    return this.writer.commit(this.seconds);
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
