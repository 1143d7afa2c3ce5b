/**
 * Fuzz target: an object store with two releases and a snapshot, made by our own writer and then patched: roots, manifests, objects, the
 * configuration; listed, read, verified, changed.
 *
 *     input: flags, call that fails, then patches
 *
 * Roots get right checksums again and manifests right hashes, unless the flags say otherwise.
 */
import { crc32WithoutField } from "../../../src/base/crc32.ts";
import { sha256 } from "../../../src/base/sha256.ts";
import { KEY_MENU_SECONDS, setting, settingNumber } from "../../../src/format/configuration.ts";
import {
  appendObject,
  findObject,
  labelText,
  makeManifest,
  MANIFEST,
  MANIFEST_BYTES,
  ManifestKind,
  OBJECT,
  OBJECT_LIMIT,
  objectAt,
  ObjectKind,
  objectName,
  setVersion,
  versionText,
} from "../../../src/format/manifest.ts";
import { BLOCK_BYTES, REFERENCE, referenceAt, ROOT } from "../../../src/format/store.ts";
import { BootSettings } from "../../../src/service/boot-settings.ts";
import { ObjectStore } from "../../../src/storage/object-store.ts";
import { StoreWriter } from "../../../src/storage/store-writer.ts";
import { Digest } from "../support/digest.ts";
import { FuzzArea, FuzzDisk } from "../support/fuzz-disk.ts";
import { FuzzInput } from "../support/fuzz-input.ts";

const STORE_BYTES: u64 = 2097152n;
const KERNEL_BYTES = 9000;
const BUFFER_BYTES = 65536;
const AREAS = 6;
const ROOT_BLOCKS = 2;
/** Flags of the input. */
const LARGE_SECTORS = 1;
const WRONG_ROOTS = 2;
const WRONG_HASHES = 4;
const CHANGES = 8;

class FuzzStore {
  readonly disk = new FuzzDisk();
  readonly areas = fixedArray(AREAS, () => new FuzzArea());
}

class Scratch {
  readonly manifest = new Uint8Array(MANIFEST_BYTES);
  readonly block = new Uint8Array(BLOCK_BYTES);
  readonly data = new Uint8Array(BUFFER_BYTES);
  readonly buffer = new Uint8Array(BUFFER_BYTES);
  readonly id = new Uint8Array(16);
  readonly digest = new Uint8Array(32);
}

const scratch = new Scratch();
const small = new FuzzStore();
const large = new FuzzStore();
const store = new ObjectStore();
const writer = new StoreWriter();
const settings = new BootSettings();
const input = new FuzzInput();

export function prepare(): void {
  makeStore(small, 512);
  makeStore(large, 4096);
}

export function takeInput(bytes: Bytes, digest: Digest): void {
  input.begin(bytes);
  const flags = input.u8();
  const one = (flags & LARGE_SECTORS) === 0 ? small : large;
  one.disk.rewind();
  const failAt = input.u8();
  patch(one);
  if ((flags & WRONG_HASHES) === 0) mendHashes(one);
  if ((flags & WRONG_ROOTS) === 0) mendRoots(one);
  one.disk.failAt = failAt;
  const opened = store.open(one.disk);
  digest.flag(opened.ok);
  if (!opened.ok) return;
  list(digest);
  readCurrent(digest);
  if ((flags & CHANGES) !== 0) change(digest);
  digest.number(one.disk.reads);
  digest.number(one.disk.writes);
}

function makeStore(one: FuzzStore, sectorBytes: u32): void {
  one.disk.make(sectorBytes, STORE_BYTES);
  bytesOf(scratch.id).fill(5);
  assert(store.create(one.disk, bytesOf(scratch.id), bytesOf(scratch.id), 1000n).ok);
  addRelease(1);
  addRelease(2);
  one.disk.seal();
  const last = STORE_BYTES - BigInt(ROOT_BLOCKS * BLOCK_BYTES);
  const manifest = REFERENCE.block.get(referenceAt(store.root(), 1));
  one.areas[0].set(0n, ROOT_BLOCKS * BLOCK_BYTES);
  one.areas[1].set(0n, 700);
  one.areas[2].set(last, ROOT_BLOCKS * BLOCK_BYTES);
  one.areas[3].set(BigInt(manifest) * BigInt(BLOCK_BYTES), 700);
  one.areas[4].set(BigInt(manifest) * BigInt(BLOCK_BYTES), BLOCK_BYTES);
  one.areas[5].set(extentOf(ObjectKind.configuration), 200);
}

/** Where the first object of a kind of the last manifest stands, in bytes. */
function extentOf(kind: ObjectKind): u64 {
  const index = findObject(bytesOf(scratch.manifest), kind);
  assert(index >= 0);
  return BigInt(OBJECT.firstBlock.get(objectAt(bytesOf(scratch.manifest), u32(index)))) * BigInt(BLOCK_BYTES);
}

function addRelease(version: u32): void {
  assert(writer.begin(store).ok);
  const manifest = bytesOf(scratch.manifest);
  const id = writer.takeManifestId();
  makeManifest(manifest, id, ManifestKind.release, 1000n);
  setVersion(manifest, version, utf8("1.0"));
  const kernel = bytesOf(scratch.data).slice(0, KERNEL_BYTES);
  kernel.fill(u8(version));
  addObject(appendObject(manifest, utf8("kernel"), ObjectKind.kernel), kernel);
  addObject(
    appendObject(manifest, utf8("settings"), ObjectKind.configuration),
    utf8("# settings\nboot.menu-seconds = 3\n"),
  );
  assert(writer.addManifest(manifest, version === 1).ok);
  ROOT.previousId.set(writer.draft(), ROOT.currentId.get(writer.draft()));
  ROOT.currentId.set(writer.draft(), id);
  assert(writer.commit(2000n).ok);
}

function addObject(object: Bytes, data: Bytes): void {
  assert(writer.beginObject(BigInt(data.length)).ok);
  assert(writer.appendObject(data).ok);
  assert(writer.finishObject(object, bytesOf(scratch.buffer)).ok);
}

function patch(one: FuzzStore): void {
  while (input.left() > 0) {
    const area = one.areas[input.u8() % AREAS];
    if (!input.nextPatch()) return;
    const at: u32 = input.patchAt % area.length;
    one.disk.poke(u64(area.from + BigInt(at)), input.patchBytes(u32(area.length - at)));
  }
}

/** The references of the first two roots name the hashes of what stands in their blocks. */
function mendHashes(one: FuzzStore): void {
  const root = bytesOf(scratch.manifest);
  for (let slot: u32 = 0; slot < 2 * ROOT_BLOCKS; slot++) {
    const at = rootAt(slot);
    one.disk.peek(at, root);
    const count = u32(Math.min(ROOT.manifestCount.get(root), 4));
    for (let i: u32 = 0; i < count; i++) {
      const reference = referenceAt(root, i);
      const place = BigInt(REFERENCE.block.get(reference)) * BigInt(BLOCK_BYTES);
      if (place >= STORE_BYTES) continue;
      one.disk.peek(place, bytesOf(scratch.block));
      sha256(bytesOf(scratch.block), REFERENCE.sha256.of(reference));
    }
    one.disk.poke(at, root.slice(0, 1024));
  }
}

function mendRoots(one: FuzzStore): void {
  const root = bytesOf(scratch.manifest);
  for (let slot: u32 = 0; slot < 2 * ROOT_BLOCKS; slot++) {
    one.disk.peek(rootAt(slot), root);
    ROOT.crc.set(root, crc32WithoutField(root, ROOT.crc.offset));
    one.disk.poke(rootAt(slot), root.slice(0, 64));
  }
}

/** Where a root stands: the first ones at the front of the store, the others at its end. */
function rootAt(slot: u32): u64 {
  const front = BigInt((slot & 1) * BLOCK_BYTES);
  return slot < ROOT_BLOCKS ? front : u64(STORE_BYTES - BigInt(ROOT_BLOCKS * BLOCK_BYTES) + front);
}

function list(digest: Digest): void {
  const root = store.root();
  for (let i: u32 = 0; i < ROOT.manifestCount.get(root); i++) {
    const id = REFERENCE.manifestId.get(referenceAt(root, i));
    digest.number(id);
    const read = store.readManifest(id, bytesOf(scratch.manifest));
    digest.flag(read.ok);
    if (!read.ok) continue;
    digest.bytes(versionText(bytesOf(scratch.manifest)));
    digest.bytes(labelText(bytesOf(scratch.manifest)));
    verify(digest);
  }
}

function verify(digest: Digest): void {
  const manifest = bytesOf(scratch.manifest);
  for (let i: u32 = 0; i < MANIFEST.objectCount.get(manifest) && i < OBJECT_LIMIT; i++) {
    const object = objectAt(manifest, i);
    digest.bytes(objectName(object));
    digest.flag(store.verifyObject(object, bytesOf(scratch.buffer)).ok);
    const piece = store.readPiece(object, 1, bytesOf(scratch.buffer));
    digest.number(piece.ok ? piece.value.length : 0);
  }
}

/** What the boot manager does: the current release, its configuration, its kernel. */
function readCurrent(digest: Digest): void {
  const manifest = bytesOf(scratch.manifest);
  const read = store.readManifest(ROOT.currentId.get(store.root()), manifest);
  digest.flag(read.ok);
  if (!read.ok) return;
  const index = findObject(manifest, ObjectKind.configuration);
  if (index < 0) return;
  const text = store.readObject(objectAt(manifest, u32(index)), bytesOf(scratch.buffer));
  digest.flag(text.ok);
  if (!text.ok) return;
  digest.number(settingNumber(text.value, KEY_MENU_SECONDS, 3, 600));
  digest.bytes(setting(text.value, "log.level"));
}

/** The default, as `bootmgr set-default` changes it, and another transaction begun. */
function change(digest: Digest): void {
  digest.flag(settings.isBelowFloor(store, 1));
  digest.flag(settings.setDefault(store, 1, 3000n).ok);
  // A commit that failed closes the store.
  if (!store.isOpen()) return;
  const begun = writer.begin(store);
  digest.flag(begun.ok);
  if (!begun.ok) return;
  digest.number(writer.damagedManifests());
  digest.big(writer.takenBlocks());
  list(digest);
}
