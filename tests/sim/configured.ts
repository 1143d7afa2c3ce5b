/**
 * Configured: the configurations that operations make, by their hashes, worked out beside the service that writes them: from the text that was there
 * and the lines that are put into it.
 */
import { sha256, SHA256_BYTES } from "../../src/base/sha256.ts";
import { TextWriter } from "../../src/base/text-writer.ts";
import { CONFIGURATION_LIMIT_BYTES, mergeSettings } from "../../src/format/configuration.ts";
import { findObject, MANIFEST_BYTES, objectAt, ObjectKind } from "../../src/format/manifest.ts";
import { ROOT } from "../../src/format/store.ts";
import { ObjectStore } from "../../src/storage/object-store.ts";

/** One for each operation of a scenario. */
const LIMIT = 2;
const FIRST_SECONDS = 4;

export class Configured {
  private count: u32 = 0;
  private readonly digests = new Uint8Array(LIMIT * SHA256_BYTES);
  private readonly manifest = new Uint8Array(MANIFEST_BYTES);
  private readonly old = new Uint8Array(CONFIGURATION_LIMIT_BYTES);
  private readonly text = new Uint8Array(CONFIGURATION_LIMIT_BYTES);

  clear(): void {
    this.count = 0;
  }

  /** A time-out that no configuration has yet. */
  nextSeconds(): u32 {
    return FIRST_SECONDS + this.count;
  }

  /** From now on the current configuration with `lines` in it may be on the disk; false where the current one does not read. */
  expect(store: ObjectStore, lines: Bytes): boolean {
    assert(this.count < LIMIT);
    const manifest = bytesOf(this.manifest);
    if (!store.readManifest(ROOT.currentId.get(store.root()), manifest).ok) return false;
    const object = objectAt(manifest, u32(findObject(manifest, ObjectKind.configuration)));
    const read = store.readObject(object, bytesOf(this.old));
    if (!read.ok) return false;
    const out = new TextWriter(bytesOf(this.text));
    mergeSettings(read.value, lines, out);
    sha256(out.written(), this.digest(this.count));
    this.count++;
    return true;
  }

  isOne(digest: Bytes): boolean {
    for (let i: u32 = 0; i < this.count; i++) {
      if (this.digest(i).equals(digest)) return true;
    }
    return false;
  }

  private digest(index: u32): Bytes {
    return bytesOf(this.digests).slice(index * SHA256_BYTES, SHA256_BYTES);
  }
}

export const configured = new Configured();
