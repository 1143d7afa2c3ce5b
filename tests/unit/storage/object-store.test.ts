import {
  appendObject,
  findObject,
  makeManifest,
  ManifestKind,
  objectAt,
  ObjectKind,
  setVersion,
} from "../../../src/format/manifest.ts";
import { BLOCK_BYTES, REFERENCE, referenceAt, removeReference, ROOT } from "../../../src/format/store.ts";
import { ObjectStore, StoreError, storeErrorText } from "../../../src/storage/object-store.ts";
import { StoreWriter } from "../../../src/storage/store-writer.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";
import { CUT_MODES, CutMode, NEVER, SimulatedDisk } from "../simulated-disk.ts";

const STORE_BYTES = 2097152;
const KERNEL_BYTES = 150001;

class Scratch {
  readonly disk = new SimulatedDisk();
  readonly store = new ObjectStore();
  readonly writer = new StoreWriter();
  readonly manifest = new Uint8Array(4096);
  readonly data = new Uint8Array(262144);
  readonly buffer = new Uint8Array(262144);
  readonly id = new Uint8Array(16);
  readonly root = new Uint8Array(4096);
}

const scratch = new Scratch();

/** Bytes that differ from release to release. */
function fillData(seed: u32, length: u32): Bytes {
  const data = bytesOf(scratch.data).slice(0, length);
  let state: u32 = (seed * 77 + 1) >>> 0;
  for (let i: u32 = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    data.setU8(i, state >>> 24);
  }
  return data;
}

function fresh(sectorBytes: u32): void {
  scratch.disk.make(sectorBytes, STORE_BYTES);
  const made = scratch.store.create(scratch.disk, bytesOf(scratch.id), bytesOf(scratch.id), 1n);
  isTrue(made.ok);
}

/** 0, or the error of opening. */
function reopen(): u32 {
  scratch.disk.restart();
  const opened = scratch.store.open(scratch.disk);
  if (opened.ok) return 0;
  isTrue(utf8(storeErrorText(opened.error)).length > 10);
  return opened.error;
}

/** Writes an object in two calls; 0, or the error. */
function addObject(object: Bytes, data: Bytes): u32 {
  const begun = scratch.writer.beginObject(BigInt(data.length));
  if (!begun.ok) return begun.error;
  const half: u32 = Math.trunc(data.length / 2) & 0xfffff000;
  const first = scratch.writer.appendObject(data.slice(0, half));
  if (!first.ok) return first.error;
  const second = scratch.writer.appendObject(data.slice(half, data.length - half));
  if (!second.ok) return second.error;
  const finished = scratch.writer.finishObject(object, bytesOf(scratch.buffer));
  return finished.ok ? 0 : finished.error;
}

/** A release of a kernel of its own and a configuration that all releases share, made current. 0, or the error. */
function addRelease(version: u32): u32 {
  const begun = scratch.writer.begin(scratch.store);
  if (!begun.ok) return begun.error;
  const manifest = bytesOf(scratch.manifest);
  const id = scratch.writer.takeManifestId();
  makeManifest(manifest, id, ManifestKind.release, 1000n + BigInt(version));
  setVersion(manifest, version, utf8("1.0"));
  const kernel = addObject(
    appendObject(manifest, utf8("kernel"), ObjectKind.kernel),
    fillData(version, KERNEL_BYTES),
  );
  if (kernel !== 0) return kernel;
  const settings = appendObject(manifest, utf8("settings"), ObjectKind.configuration);
  const configuration = addObject(settings, fillData(0, 5000));
  if (configuration !== 0) return configuration;
  const added = scratch.writer.addManifest(manifest, false);
  if (!added.ok) return added.error;
  const draft = scratch.writer.draft();
  dropAllBut(draft, ROOT.currentId.get(draft), id);
  ROOT.previousId.set(draft, ROOT.currentId.get(draft));
  ROOT.currentId.set(draft, id);
  const committed = scratch.writer.commit(2000n);
  return committed.ok ? 0 : committed.error;
}

function dropAllBut(root: Bytes, one: u32, other: u32): void {
  for (let i: u32 = ROOT.manifestCount.get(root); i > 0; i--) {
    const id = REFERENCE.manifestId.get(referenceAt(root, i - 1));
    if (id !== one && id !== other) removeReference(root, i - 1);
  }
}

/** 0 if the manifest and all its objects are whole and the kernel is that of `version`; else the error, 99 for a wrong kernel. */
function checkRelease(manifestId: u32, version: u32): u32 {
  const manifest = bytesOf(scratch.manifest);
  const read = scratch.store.readManifest(manifestId, manifest);
  if (!read.ok) return read.error;
  const index = findObject(manifest, ObjectKind.kernel);
  isTrue(index === 0);
  const kernel = scratch.store.readObject(objectAt(manifest, 0), bytesOf(scratch.buffer));
  if (!kernel.ok) return kernel.error;
  if (!kernel.value.equals(fillData(version, KERNEL_BYTES))) return 99;
  const settings = scratch.store.verifyObject(objectAt(manifest, 1), bytesOf(scratch.buffer));
  return settings.ok ? 0 : settings.error;
}

function currentId(): u32 {
  return ROOT.currentId.get(scratch.store.root());
}

function basicTests(): void {
  test("what was stored is read back after a restart, on both sector sizes");
  for (let sectorBytes: u32 = 512; sectorBytes <= 4096; sectorBytes = sectorBytes * 8) {
    fresh(sectorBytes);
    equal(addRelease(1), 0);
    equal(reopen(), 0);
    equal(currentId(), 1);
    equal(checkRelease(1, 1), 0);
  }

  test("opening takes two reads, a manifest one, an object one");
  equal(reopen(), 0);
  equal(scratch.disk.reads, 2);
  isTrue(scratch.store.readManifest(1, bytesOf(scratch.manifest)).ok);
  isTrue(scratch.store.readObject(objectAt(bytesOf(scratch.manifest), 0), bytesOf(scratch.buffer)).ok);
  equal(scratch.disk.reads, 4);
  equal(scratch.disk.writes, 0);

  test("the same bytes are stored once, also under another name");
  equal(addRelease(2), 0);
  isTrue(scratch.writer.begin(scratch.store).ok);
  // Two kernels of 37 blocks and one configuration of two.
  equalBig(scratch.writer.takenBlocks(), 76n);
  const object = appendObject(bytesOf(scratch.manifest), utf8("again"), ObjectKind.other);
  equal(addObject(object, fillData(2, KERNEL_BYTES)), 0);
  equalBig(scratch.writer.takenBlocks(), 76n);

  test("space of what no manifest names any more is used again: forty releases in a store for twelve");
  fresh(512);
  let failed: u32 = 0;
  for (let version: u32 = 1; version <= 40; version++) {
    if (addRelease(version) !== 0) failed++;
    if (checkRelease(version, version) !== 0) failed++;
    if (version > 1 && checkRelease(version - 1, version - 1) !== 0) failed++;
  }
  equal(failed, 0);
}

function refusalTests(): void {
  test("an object that does not fit, or has another size than announced, is refused");
  fresh(512);
  isTrue(scratch.writer.begin(scratch.store).ok);
  const big = scratch.writer.beginObject(1600000n);
  isTrue(!big.ok && big.error === StoreError.full);
  const huge = scratch.writer.beginObject(0xffff_ffff_ffff_ffffn);
  isTrue(!huge.ok && huge.error === StoreError.full);
  isTrue(scratch.writer.beginObject(10n).ok);
  const long = scratch.writer.appendObject(fillData(1, 11));
  isTrue(!long.ok && long.error === StoreError.wrongSize);
  isTrue(scratch.writer.appendObject(fillData(1, 9)).ok);
  const short = scratch.writer.finishObject(bytesOf(scratch.manifest).slice(0, 128), bytesOf(scratch.buffer));
  isTrue(!short.ok && short.error === StoreError.wrongSize);

  test("zeros, noise and a small partition are no store");
  scratch.disk.make(512, STORE_BYTES);
  equal(reopen(), StoreError.notAStore);
  scratch.disk.image().fill(0x77);
  equal(reopen(), StoreError.notAStore);
  scratch.disk.make(512, 1048576);
  equal(reopen(), StoreError.tooSmall);
  const closed = scratch.writer.begin(scratch.store);
  isTrue(!closed.ok && closed.error === StoreError.closed);

  test("a buffer that cannot hold the object is refused");
  fresh(512);
  equal(addRelease(1), 0);
  isTrue(scratch.store.readManifest(1, bytesOf(scratch.manifest)).ok);
  const small = bytesOf(scratch.buffer).slice(0, KERNEL_BYTES);
  const read = scratch.store.readObject(objectAt(bytesOf(scratch.manifest), 0), small);
  isTrue(!read.ok && read.error === StoreError.bufferTooSmall);
}

function flip(at: u32): void {
  const image = scratch.disk.image();
  image.setU8(at, (image.u8(at) ^ 0x20) & 0xff);
}

function damageTests(): void {
  test("a flipped bit in an object or a manifest is found before anything is handed out");
  fresh(512);
  equal(addRelease(1), 0);
  flip(130 * BLOCK_BYTES + 70000);
  equal(reopen(), 0);
  equal(checkRelease(1, 1), StoreError.corrupt);
  flip(130 * BLOCK_BYTES + 70000);
  flip(2 * BLOCK_BYTES + 300);
  equal(reopen(), 0);
  equal(checkRelease(1, 1), StoreError.corrupt);

  test("any one damaged copy of the root costs nothing; with all damaged the store says so");
  fresh(512);
  equal(addRelease(1), 0);
  equal(addRelease(2), 0);
  const root = bytesOf(scratch.root);
  root.copyFrom(scratch.store.root());
  for (let at: u32 = 0; at < BLOCK_BYTES; at += 5) {
    flip(BLOCK_BYTES + at);
    equal(reopen(), 0);
    isTrue(scratch.store.root().equals(root));
    flip(BLOCK_BYTES + at);
  }
  flip(BLOCK_BYTES + 90);
  flip(STORE_BYTES - BLOCK_BYTES + 90);
  equal(reopen(), 0);
  equal(currentId(), 1);
  equal(checkRelease(1, 1), 0);
  flip(90);
  flip(STORE_BYTES - 2 * BLOCK_BYTES + 90);
  equal(reopen(), StoreError.damagedRoot);

  test("a write that the disk swallows is found by reading back");
  fresh(512);
  isTrue(scratch.writer.begin(scratch.store).ok);
  isTrue(scratch.writer.beginObject(8192n).ok);
  isTrue(scratch.writer.appendObject(fillData(5, 8192)).ok);
  scratch.disk.restart();
  const lost = scratch.writer.finishObject(bytesOf(scratch.manifest).slice(0, 128), bytesOf(scratch.buffer));
  isTrue(!lost.ok && lost.error === StoreError.corrupt);
}

function modeOf(number: u32): CutMode {
  switch (number) {
    case 1:
      return CutMode.everything;
    case 2:
      return CutMode.tornFirstHalf;
    case 3:
      return CutMode.tornSecondHalf;
    case 4:
      return CutMode.onlyLast;
    case 5:
      return CutMode.everySecond;
    default:
      return CutMode.nothing;
  }
}

class CutResult {
  olds: u32 = 0;
  news: u32 = 0;
  mixtures: u32 = 0;
}

/** Cuts the update from release 2 to release 3 at one write or flush; false if it has fewer. */
function cutUpdate(cutAt: u32, mode: CutMode, result: CutResult): boolean {
  fresh(512);
  isTrue(addRelease(1) === 0 && addRelease(2) === 0);
  scratch.disk.restart();
  scratch.disk.cutAt = cutAt;
  scratch.disk.cutMode = mode;
  const error = addRelease(3);
  if (!scratch.disk.isCut()) {
    equal(error, 0);
    return false;
  }
  isTrue(error !== 0);
  equal(reopen(), 0);
  const id = currentId();
  const isOld = id === 2 && checkRelease(2, 2) === 0 && checkRelease(1, 1) === 0;
  // A cut transaction may leave the id 3 to the next attempt, never to something else.
  const isNew = id === 3 && checkRelease(3, 3) === 0 && checkRelease(2, 2) === 0;
  if (isOld) result.olds++;
  else if (isNew) result.news++;
  else result.mixtures++;
  // And the store goes on from there.
  isTrue(addRelease(4) === 0 && checkRelease(currentId(), 4) === 0);
  return true;
}

function cutTests(): void {
  test(
    "a power cut at every write and flush of an update leaves the old release or the new one, never a mixture",
  );
  const result = new CutResult();
  let places: u32 = 0;
  for (let mode: u32 = 0; mode < CUT_MODES; mode++) {
    let cutAt: u32 = 0;
    while (cutAt < 40 && cutUpdate(cutAt, modeOf(mode), result)) cutAt++;
    places = cutAt;
  }
  // Flush, four writes of objects, the manifest, flush, two roots, flush: 11 places or so, each in six ways.
  isTrue(places >= 9 && places < 40);
  equal(result.mixtures, 0);
  equal(result.olds + result.news, places * CUT_MODES);
  isTrue(result.olds > 30 && result.news >= 6);

  test("a power cut while a store is made leaves none or a whole one");
  let wholes: u32 = 0;
  for (let cutAt: u32 = 0; cutAt < 6; cutAt++) {
    for (let mode: u32 = 0; mode < CUT_MODES; mode++) {
      scratch.disk.make(512, STORE_BYTES);
      scratch.disk.cutAt = cutAt;
      scratch.disk.cutMode = modeOf(mode);
      const made = scratch.store.create(scratch.disk, bytesOf(scratch.id), bytesOf(scratch.id), 1n);
      isTrue(!made.ok);
      const opened = reopen();
      if (opened === 0) wholes++;
      isTrue(opened !== 0 || (currentId() === 0 && addRelease(1) === 0));
    }
  }
  isTrue(wholes > 0);

  uncommittedTests();
  residueTests();
  failTests();
}

function uncommittedTests(): void {
  test(
    "a transaction that is not committed leaves everything as it was, even what its draft no longer named",
  );
  fresh(512);
  equal(addRelease(1), 0);
  isTrue(scratch.writer.begin(scratch.store).ok);
  removeReference(scratch.writer.draft(), 0);
  const manifest = bytesOf(scratch.manifest);
  makeManifest(manifest, scratch.writer.takeManifestId(), ManifestKind.release, 5n);
  equal(addObject(appendObject(manifest, utf8("kernel"), ObjectKind.kernel), fillData(9, KERNEL_BYTES)), 0);
  isTrue(scratch.writer.addManifest(manifest, false).ok);
  isTrue(scratch.store.isOpen() && checkRelease(1, 1) === 0);

  test("after a commit whose flush failed, a power cut in the next transaction still leaves a whole release");
  fresh(512);
  isTrue(addRelease(1) === 0 && addRelease(2) === 0);
  scratch.disk.restart();
  equal(addRelease(3), 0);
  const calls = scratch.disk.callCount();
  for (let cutAt: u32 = 0; cutAt < 6; cutAt++) {
    for (let mode: u32 = 0; mode < CUT_MODES; mode++) cutAfterFailedFlush(calls, cutAt, modeOf(mode));
  }
}

/** The places of both copies of the root that the next commit writes. */
function nextRootAt(copy: u32): u32 {
  const slot = u32(Number((ROOT.sequence.get(scratch.store.root()) + 1n) % 2n));
  return copy === 0 ? slot * BLOCK_BYTES : STORE_BYTES - (2 - slot) * BLOCK_BYTES;
}

function residueTests(): void {
  test("what a cut left of a root never becomes whole by what the next one writes over it");
  fresh(512);
  isTrue(addRelease(1) === 0 && addRelease(2) === 0);
  const image = scratch.disk.image();
  const front = nextRootAt(0);
  const back = nextRootAt(1);
  equal(addRelease(3), 0);
  scratch.disk.restart();
  // Of the root of release 3 the sector with its first references did not reach the medium, in either copy.
  const lost = bytesOf(scratch.root).slice(0, 512);
  lost.copyFrom(image.slice(front + 512, 512));
  image.slice(front + 512, 512).fill(0x11);
  image.slice(back + 512, 512).fill(0x11);
  equal(reopen(), 0);
  equal(currentId(), 2);
  // The next transaction names the same references; of its root these are all that reaches the medium.
  isTrue(scratch.writer.begin(scratch.store).ok);
  scratch.disk.restart();
  image.slice(front + 512, 512).copyFrom(lost);
  equal(reopen(), 0);
  equal(currentId(), 2);
  isTrue(checkRelease(2, 2) === 0 && checkRelease(1, 1) === 0);
  equal(addRelease(4), 0);
  equal(reopen(), 0);
  equal(checkRelease(currentId(), 4), 0);
}

function cutAfterFailedFlush(calls: u32, cutAt: u32, mode: CutMode): void {
  fresh(512);
  isTrue(addRelease(1) === 0 && addRelease(2) === 0);
  scratch.disk.restart();
  scratch.disk.failAt = calls - 1;
  equal(addRelease(3), StoreError.io);
  scratch.disk.failAt = NEVER;
  isTrue(scratch.store.open(scratch.disk).ok);
  // The new root is what reads see, and perhaps nothing but the drive's cache has it.
  equal(currentId(), 3);
  scratch.disk.cutAt = scratch.disk.changeCount() + cutAt;
  scratch.disk.cutMode = mode;
  isTrue(addRelease(4) !== 0);
  equal(reopen(), 0);
  const id = currentId();
  isTrue(id === 2 || id === 3);
  isTrue(checkRelease(id, id) === 0 && checkRelease(id - 1, id - 1) === 0);
}

function failTests(): void {
  test("after a failed commit the store is closed until it is opened again");
  fresh(512);
  scratch.disk.restart();
  equal(addRelease(1), 0);
  const total = scratch.disk.callCount();
  for (let back: u32 = 1; back <= 4; back++) {
    fresh(512);
    scratch.disk.restart();
    scratch.disk.failAt = total - back;
    equal(addRelease(1), StoreError.io);
    equal(addRelease(2), StoreError.closed);
  }

  test("each failing call of an update is reported, and loses nothing");
  let calls: u32 = 0;
  let failing: u32 = 0;
  let overcome: u32 = 0;
  do {
    fresh(512);
    isTrue(addRelease(1) === 0);
    scratch.disk.restart();
    scratch.disk.failAt = failing;
    const error = addRelease(2);
    calls = scratch.disk.callCount();
    if (failing < calls) {
      if (error === 0) overcome++;
      else isTrue(error === StoreError.io);
      equal(reopen(), 0);
      isTrue(error !== 0 || currentId() === 2);
      equal(checkRelease(currentId(), currentId()), 0);
      equal(addRelease(currentId() + 1), 0);
    }
    failing++;
  } while (failing <= calls);
  isTrue(calls > 12);
  // Where the known copy of the configuration cannot be read, the new one takes its place.
  equal(overcome, 1);
}

export function main(): void {
  basicTests();
  refusalTests();
  damageTests();
  cutTests();
}
