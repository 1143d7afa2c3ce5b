/**
 * BootSettings: which release is booted by default, and the configuration beside it: changed in the object store.
 *
 * Each change is one transaction: after a power cut the old setting holds or the new one. Values stand in the configuration object,
 * so a change makes a new manifest that shares all other objects with the current one, and restoring an older one brings its values
 * back. Keys that nobody changes stay, known or not; a configuration that does not match its checksum gives way to one of the changed
 * keys alone. Called by `bootmgr set-default`, and by every command that sets something for good.
 */
import { TextWriter } from "../base/text-writer.ts";
import { CONFIGURATION_LIMIT_BYTES, mergeSettings } from "../format/configuration.ts";
import {
  appendObject,
  findObject,
  MANIFEST,
  MANIFEST_BYTES,
  ManifestKind,
  OBJECT_LIMIT,
} from "../format/manifest.ts";
import { objectAt, ObjectKind, setLabel } from "../format/manifest.ts";
import { BLOCK_BYTES, findReference, REFERENCE, referenceAt, ROOT } from "../format/store.ts";
import { dropUnretained } from "../policy/retention.ts";
import { seriesOf, setSeries } from "../policy/tries.ts";
import { ObjectStore, StoreError } from "../storage/object-store.ts";
import { StoreWriter } from "../storage/store-writer.ts";
import { objectKindName } from "./installation-source.ts";

export class BootSettings {
  private readonly writer = new StoreWriter();
  private readonly manifest = new Uint8Array(MANIFEST_BYTES);
  private readonly old = new Uint8Array(CONFIGURATION_LIMIT_BYTES);
  private readonly changed = new Uint8Array(CONFIGURATION_LIMIT_BYTES);
  private readonly scratch = new Uint8Array(BLOCK_BYTES);

  /** Whether a release is older than the store allows the boot manager to start unasked. */
  isBelowFloor(store: ObjectStore, manifestId: u32): boolean {
    const index = findReference(store.root(), manifestId);
    if (index < 0) return false;
    const version = REFERENCE.versionNumber.get(referenceAt(store.root(), u32(index)));
    return version < ROOT.versionFloor.get(store.root());
  }

  /** Makes a manifest the one that is booted by default; the one before it stays as the previous one. */
  setDefault(store: ObjectStore, manifestId: u32, seconds: u64): Result<void, StoreError> {
    const read = store.readManifest(manifestId, bytesOf(this.manifest));
    if (!read.ok) return read;
    const begun = this.writer.begin(store);
    if (!begun.ok) return begun;
    const draft = this.writer.draft();
    if (ROOT.currentId.get(draft) === manifestId) return ok();
    ROOT.previousId.set(draft, ROOT.currentId.get(draft));
    ROOT.currentId.set(draft, manifestId);
    return this.writer.commit(seconds);
  }

  /** Makes lines of `key = value` part of the configuration. Nothing is written where it says so already. */
  change(store: ObjectStore, lines: Bytes, seconds: u64): Result<void, StoreError> {
    const manifest = bytesOf(this.manifest);
    const currentId = ROOT.currentId.get(store.root());
    const read = store.readManifest(currentId, manifest);
    if (!read.ok) return read;
    const old = this.readText(store);
    if (!old.ok) return err(old.error);
    const out = new TextWriter(bytesOf(this.changed));
    mergeSettings(old.value, lines, out);
    if (out.truncated()) return err(StoreError.bufferTooSmall);
    if (out.written().equals(old.value)) return ok();
    const begun = this.writer.begin(store);
    if (!begun.ok) return begun;
    MANIFEST.manifestId.set(manifest, this.writer.takeManifestId());
    MANIFEST.parentId.set(manifest, currentId);
    MANIFEST.kind.set(manifest, ManifestKind.release);
    MANIFEST.createdSeconds.set(manifest, seconds);
    setLabel(manifest, utf8(""));
    const written = this.writeConfiguration(out.written());
    if (!written.ok) return written;
    const added = this.writer.addManifest(manifest, false);
    if (!added.ok) return added;
    const draft = this.writer.draft();
    ROOT.previousId.set(draft, currentId);
    ROOT.currentId.set(draft, MANIFEST.manifestId.get(manifest));
    // The same boots, and whoever counts its tries goes on counting.
    setSeries(draft, MANIFEST.manifestId.get(manifest), seriesOf(draft, currentId));
    dropUnretained(draft);
    return this.writer.commit(seconds);
  }

  /** The configuration of the manifest at hand: empty where it has none, or one that is not what was written. */
  private readText(store: ObjectStore): Result<Bytes, StoreError> {
    const index = findObject(bytesOf(this.manifest), ObjectKind.configuration);
    if (index < 0) return ok(bytesOf(this.old).slice(0, 0));
    const text = store.readObject(objectAt(bytesOf(this.manifest), u32(index)), bytesOf(this.old));
    if (!text.ok && text.error === StoreError.corrupt) return ok(bytesOf(this.old).slice(0, 0));
    return text;
  }

  /** Writes the text as the configuration object of the manifest at hand. */
  private writeConfiguration(text: Bytes): Result<void, StoreError> {
    const manifest = bytesOf(this.manifest);
    const index = findObject(manifest, ObjectKind.configuration);
    if (index < 0) {
      if (MANIFEST.objectCount.get(manifest) >= OBJECT_LIMIT) return err(StoreError.limit);
      appendObject(manifest, utf8(objectKindName(ObjectKind.configuration)), ObjectKind.configuration);
    }
    const begun = this.writer.beginObject(BigInt(text.length));
    if (!begun.ok) return begun;
    const appended = this.writer.appendObject(text);
    if (!appended.ok) return appended;
    const object = objectAt(manifest, u32(findObject(manifest, ObjectKind.configuration)));
    return this.writer.finishObject(object, bytesOf(this.scratch));
  }
}
