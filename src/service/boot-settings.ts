/**
 * BootSettings: what the boot manager does by default: which release it starts and how long its menu stands.
 *
 * Both live in the object store, each change is one transaction: after a power cut the old setting holds or the new one. The
 * time-out stands in the configuration object, so a change makes a new manifest that shares all other objects with the
 * current one, and restoring an older one brings its setting back. Called by `bootmgr set-default` and `bootmgr set-timeout`.
 */
import { TextWriter } from "../base/text-writer.ts";
import { KEY_MENU_SECONDS } from "../format/configuration.ts";
import { appendObject, findObject, MANIFEST, MANIFEST_BYTES, OBJECT_LIMIT } from "../format/manifest.ts";
import { objectAt, ObjectKind } from "../format/manifest.ts";
import { BLOCK_BYTES, findReference, REFERENCE, referenceAt, ROOT } from "../format/store.ts";
import { ObjectStore, StoreError } from "../storage/object-store.ts";
import { StoreWriter } from "../storage/store-writer.ts";
import { objectKindName } from "./installation-source.ts";

/** A configuration is text written by people; a longer one is refused. */
const CONFIGURATION_BYTES = 16384;
const NEWLINE = 0x0a;
const EQUALS = 0x3d;
const SPACE = 0x20;

export class BootSettings {
  private readonly writer = new StoreWriter();
  private readonly manifest = new Uint8Array(MANIFEST_BYTES);
  private readonly old = new Uint8Array(CONFIGURATION_BYTES);
  private readonly changed = new Uint8Array(CONFIGURATION_BYTES);
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

  /** Sets how long the menu stands, in seconds. */
  setMenuSeconds(store: ObjectStore, menuSeconds: u32, seconds: u64): Result<void, StoreError> {
    const manifest = bytesOf(this.manifest);
    const currentId = ROOT.currentId.get(store.root());
    const read = store.readManifest(currentId, manifest);
    if (!read.ok) return read;
    const text = this.changeText(store, menuSeconds);
    if (!text.ok) return err(text.error);
    const begun = this.writer.begin(store);
    if (!begun.ok) return begun;
    MANIFEST.manifestId.set(manifest, this.writer.takeManifestId());
    MANIFEST.parentId.set(manifest, currentId);
    MANIFEST.createdSeconds.set(manifest, seconds);
    const written = this.writeConfiguration(text.value);
    if (!written.ok) return written;
    const added = this.writer.addManifest(manifest, false);
    if (!added.ok) return added;
    ROOT.previousId.set(this.writer.draft(), currentId);
    ROOT.currentId.set(this.writer.draft(), MANIFEST.manifestId.get(manifest));
    return this.writer.commit(seconds);
  }

  /** The configuration of the manifest at hand, its lines for the key replaced by one with the new value. */
  private changeText(store: ObjectStore, menuSeconds: u32): Result<Bytes, StoreError> {
    const manifest = bytesOf(this.manifest);
    const out = new TextWriter(bytesOf(this.changed));
    const index = findObject(manifest, ObjectKind.configuration);
    if (index >= 0) {
      const text = store.readObject(objectAt(manifest, u32(index)), bytesOf(this.old));
      if (!text.ok) return err(text.error);
      copyOtherLines(text.value, out);
    }
    out.text(KEY_MENU_SECONDS);
    out.text(` = ${menuSeconds}\n`);
    return out.truncated() ? err(StoreError.bufferTooSmall) : ok(out.written());
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

/** Copies every line but those that set the time-out of the menu. */
function copyOtherLines(text: Bytes, out: TextWriter): void {
  let start: u32 = 0;
  while (start < text.length) {
    let end: u32 = start;
    while (end < text.length && text.u8(end) !== NEWLINE) end++;
    const line = text.slice(start, end - start);
    if (!setsMenuSeconds(line)) {
      out.bytes(line);
      out.byte(NEWLINE);
    }
    start = end + 1;
  }
}

function setsMenuSeconds(line: Bytes): boolean {
  let from: u32 = 0;
  while (from < line.length && line.u8(from) === SPACE) from++;
  const key = utf8(KEY_MENU_SECONDS);
  if (line.length - from < key.length || !line.slice(from, key.length).equals(key)) return false;
  let at: u32 = from + key.length;
  while (at < line.length && line.u8(at) === SPACE) at++;
  return at < line.length && line.u8(at) === EQUALS;
}
