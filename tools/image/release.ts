// The release on an image: a kernel and a boot manager as objects of a store, named by one manifest.

import {
  appendObject,
  makeManifest,
  MANIFEST_BYTES,
  ManifestKind,
  ObjectKind,
  setVersion,
} from "../../src/format/manifest.ts";
import { ROOT } from "../../src/format/store.ts";
import { objectKindName } from "../../src/service/installation-source.ts";
import { ObjectStore } from "../../src/storage/object-store.ts";
import type { Region } from "../../src/storage/region.ts";
import { StoreWriter } from "../../src/storage/store-writer.ts";
import { versionNumber } from "../build/release-source.ts";
import type { FixedEntropy } from "./fixed-entropy.ts";
import { must } from "./must.ts";

const GUID_BYTES = 16;
const SCRATCH_BYTES = 1_048_576;

export interface Release {
  readonly kernel: Uint8Array;
  readonly bootManager: Uint8Array;
  /** As in package.json: three numbers with dots. */
  readonly version: string;
  /** Settings that the release brings; none if it is empty. */
  readonly configuration: Uint8Array;
}

/** Makes a store in `region` whose only manifest, the current one, is the release. */
export function writeRelease(region: Region, release: Release, entropy: FixedEntropy, seconds: bigint): void {
  const store = new ObjectStore();
  const ids = new Uint8Array(2 * GUID_BYTES);
  entropy.fill(bytesOf(ids));
  const [storeId, installationId] = [ids.subarray(0, GUID_BYTES), ids.subarray(GUID_BYTES)];
  must(store.create(region, bytesOf(storeId), bytesOf(installationId), seconds), "make the object store");
  const writer = new StoreWriter();
  must(writer.begin(store), "begin the release");
  const manifest = bytesOf(new Uint8Array(MANIFEST_BYTES));
  const id = writer.takeManifestId();
  makeManifest(manifest, id, ManifestKind.release, seconds);
  setVersion(manifest, versionNumber(release.version), utf8(release.version));
  addObject(writer, manifest, ObjectKind.kernel, release.kernel);
  addObject(writer, manifest, ObjectKind.bootManager, release.bootManager);
  if (release.configuration.length > 0)
    addObject(writer, manifest, ObjectKind.configuration, release.configuration);
  must(writer.addManifest(manifest, false), "write the manifest");
  ROOT.currentId.set(writer.draft(), id);
  must(writer.commit(seconds), "commit the release");
}

function addObject(writer: StoreWriter, manifest: Bytes, kind: ObjectKind, content: Uint8Array): void {
  const name = objectKindName(kind);
  must(writer.beginObject(BigInt(content.length)), `find room for ${name}`);
  must(writer.appendObject(bytesOf(content)), `write ${name}`);
  const object = appendObject(manifest, utf8(name), kind);
  must(writer.finishObject(object, bytesOf(new Uint8Array(SCRATCH_BYTES))), `read ${name} back`);
}
