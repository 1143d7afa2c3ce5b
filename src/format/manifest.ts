/**
 * A manifest: one release or snapshot, as the set of objects that belong to it. One block of 4 KiB, immutable; its SHA-256
 * stands in the root that names it, so that nothing in it can change unnoticed.
 *
 *        0  magic "RAYMANIF"  version  id  kind  version number  parent  number of objects  created
 *       48  version as text, 32 bytes        80  label, 64 bytes
 *      256  objects    30 × 128: name, SHA-256, first block, size, kind
 *     4096  end
 *
 * Where an object lies (its block) holds only in the store that the manifest was written for: a copy in another store has
 * other blocks, the same id and the same hashes.
 */

export const MANIFEST_BYTES = 4096;
export const OBJECT_LIMIT = 30;
export const NAME_LIMIT = 63;
export const VERSION_TEXT_LIMIT = 31;
export const LABEL_LIMIT = 63;
/** "RAYMANIF", read big endian. */
const MAGIC = 0x5241_594d_414e_4946n;
const VERSION = 1;

export const MANIFEST = layout(4096, {
  magic: be64(0),
  version: le32(8),
  manifestId: le32(12),
  /** A `ManifestKind`. */
  kind: le32(16),
  /** Grows with each release; compared with the version floor. */
  versionNumber: le32(20),
  /** For a snapshot the manifest it was made of. */
  parentId: le32(24),
  objectCount: le32(28),
  createdSeconds: le64(32),
  reserved0: le64(40),
  /** Texts are UTF-8 and end with a zero. */
  versionText: octets(48, 32),
  label: octets(80, 64),
  reserved1: octets(144, 112),
  objects: octets(256, 3840),
});

export const OBJECT = layout(128, {
  name: octets(0, 64),
  sha256: octets(64, 32),
  sizeBytes: le64(96),
  firstBlock: le32(104),
  /** An `ObjectKind`. */
  kind: le32(108),
  reserved0: octets(112, 16),
});

export const enum ManifestKind {
  none = 0,
  release = 1,
  snapshot = 2,
}

export const enum ObjectKind {
  other = 0,
  kernel = 1,
  bootManager = 2,
  configuration = 3,
  guestKernel = 4,
  guestInitrd = 5,
  guestDisk = 6,
}

/** An empty manifest of this id. */
export function makeManifest(
  manifest: Bytes,
  manifestId: u32,
  kind: ManifestKind,
  createdSeconds: u64,
): void {
  assert(manifest.length === MANIFEST_BYTES);
  manifest.fill(0);
  MANIFEST.magic.set(manifest, MAGIC);
  MANIFEST.version.set(manifest, VERSION);
  MANIFEST.manifestId.set(manifest, manifestId);
  MANIFEST.kind.set(manifest, kind);
  MANIFEST.createdSeconds.set(manifest, createdSeconds);
}

/** Whether a block (whose hash was checked before) is a manifest of this id that this program understands. */
export function checkManifest(manifest: Bytes, manifestId: u32): boolean {
  if (manifest.length !== MANIFEST_BYTES || MANIFEST.magic.get(manifest) !== MAGIC) return false;
  if (MANIFEST.version.get(manifest) !== VERSION) return false;
  if (MANIFEST.manifestId.get(manifest) !== manifestId) return false;
  return MANIFEST.objectCount.get(manifest) <= OBJECT_LIMIT;
}

/** Sets the version of a release: its number, and the text that people read. */
export function setVersion(manifest: Bytes, versionNumber: u32, text: Bytes): void {
  MANIFEST.versionNumber.set(manifest, versionNumber);
  setText(MANIFEST.versionText.of(manifest), text);
}

/** Sets what a snapshot is called. */
export function setLabel(manifest: Bytes, text: Bytes): void {
  setText(MANIFEST.label.of(manifest), text);
}

export function versionText(manifest: Bytes): Bytes {
  return textOf(MANIFEST.versionText.of(manifest));
}

export function labelText(manifest: Bytes): Bytes {
  return textOf(MANIFEST.label.of(manifest));
}

/** Adds an empty object and returns it. There must be fewer than `OBJECT_LIMIT`. */
export function appendObject(manifest: Bytes, name: Bytes, kind: ObjectKind): Bytes {
  const count = MANIFEST.objectCount.get(manifest);
  assert(count < OBJECT_LIMIT);
  const object = objectAt(manifest, count);
  object.fill(0);
  setText(OBJECT.name.of(object), name);
  OBJECT.kind.set(object, kind);
  MANIFEST.objectCount.set(manifest, count + 1);
  return object;
}

/** The `index`-th object: a view into the manifest. */
export function objectAt(manifest: Bytes, index: u32): Bytes {
  assert(index < OBJECT_LIMIT);
  return MANIFEST.objects.of(manifest).slice(index * OBJECT.byteLength, OBJECT.byteLength);
}

export function objectName(object: Bytes): Bytes {
  return textOf(OBJECT.name.of(object));
}

/** The index of the first object of a kind, or -1. */
export function findObject(manifest: Bytes, kind: ObjectKind): i32 {
  const wanted: u32 = kind;
  const count = MANIFEST.objectCount.get(manifest);
  for (let i: u32 = 0; i < count; i++) {
    if (OBJECT.kind.get(objectAt(manifest, i)) === wanted) return i32(i);
  }
  return -1;
}

/** The index of the object of this name, or -1. */
export function findObjectByName(manifest: Bytes, name: Bytes): i32 {
  const count = MANIFEST.objectCount.get(manifest);
  for (let i: u32 = 0; i < count; i++) {
    if (objectName(objectAt(manifest, i)).equals(name)) return i32(i);
  }
  return -1;
}

/** What does not fit is cut off; the last byte stays zero. */
function setText(field: Bytes, text: Bytes): void {
  field.fill(0);
  const room = field.length - 1;
  const length: u32 = text.length <= room ? text.length : u32(room);
  field.slice(0, length).copyFrom(text.slice(0, length));
}

function textOf(field: Bytes): Bytes {
  let length: u32 = 0;
  while (length < field.length && field.u8(length) !== 0) length++;
  return field.slice(0, length);
}
