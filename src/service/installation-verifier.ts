/**
 * InstallationVerifier: reads an installation back, all of it, and compares it with its checksums. Writes nothing.
 *
 * Parts, in this order: both stores (root, manifest, every object), the boot files (the boot manager's hash against those of the
 * releases that the stores keep: going back to an older one leaves the newer boot manager, docs/PROTOCOL.md, and an update that is cut short
 * may have brought that of the release it was to install, which is kept for it), the state ring, the log's and the data partition's first sectors. One object or file a step. Called by the installer before its commit point, and for `install --verify`.
 */
import { Sha256, SHA256_BYTES } from "../base/sha256.ts";
import { EXT4_SUPER_AT, EXT4_SUPER_BYTES, isExtSuper } from "../format/ext4.ts";
import {
  findObject,
  MANIFEST,
  MANIFEST_BYTES,
  OBJECT,
  objectAt,
  ObjectKind,
  versionText,
} from "../format/manifest.ts";
import { isPending, MANIFEST_LIMIT, REFERENCE, referenceAt, ROOT } from "../format/store.ts";
import { fatErrorName } from "../storage/fat-error.ts";
import { ObjectStore } from "../storage/object-store.ts";
import { Region } from "../storage/region.ts";
import { StateCondition, StateRing } from "../storage/state-ring.ts";
import { BOOT_MANAGER_PATH, BootFiles, REMOVABLE_PATH } from "./boot-files.ts";
import { storeErrorName } from "./release-writer.ts";

/** The partitions of one installation; a region without sectors is one that the disk does not have. */
export class InstallationRegions {
  readonly efiSystem = new Region();
  readonly system = new Region();
  readonly recovery = new Region();
  readonly state = new Region();
  readonly log = new Region();
  readonly data = new Region();

  /** Forgets the disk. */
  close(): void {
    this.efiSystem.close();
    this.system.close();
    this.recovery.close();
    this.state.close();
    this.log.close();
    this.data.close();
  }
}

export const enum VerifiedPart {
  systemStore = 0,
  recoveryStore = 1,
  removablePath = 2,
  bootManager = 3,
  stateRing = 4,
  log = 5,
  data = 6,
  end = 7,
}

export const enum VerifierState {
  working = 0,
  /** A part was finished: `finishedPart` and `problem` say which and how. */
  partDone = 1,
  done = 2,
}

/** The largest power of two of state records that the ring's reader takes. */
const RING_SCRATCH_BYTES = 131072;
/** Of every manifest that both stores can have. */
const BOOT_MANAGER_LIMIT = 2 * MANIFEST_LIMIT;
const VERSION_BYTES = 32;
/** The superblock of ext4 lies here, whatever the sector size. */
const HEAD_BYTES = 4096;

export class InstallationVerifier {
  private readonly store = new ObjectStore();
  private readonly files = new BootFiles();
  private readonly ring = new StateRing();
  private readonly hash = new Sha256();
  private readonly manifest = new Uint8Array(MANIFEST_BYTES);
  private readonly digest = new Uint8Array(SHA256_BYTES);
  /** Hashes of the boot managers that belong to a release, each once. */
  private readonly bootManagers = new Uint8Array(BOOT_MANAGER_LIMIT * SHA256_BYTES);
  private bootManagerCount: u32 = 0;
  /** The version that an update was to bring which was cut short. */
  private readonly pending = new Uint8Array(VERSION_BYTES);
  private pendingLength: u32 = 0;
  private part: VerifiedPart = VerifiedPart.end;
  private finished: VerifiedPart = VerifiedPart.end;
  private fault: string = "";
  private problems: u32 = 0;
  private nextObject: u32 = 0;
  private objects: u32 = 0;

  constructor(private readonly regions: InstallationRegions) {}

  begin(): void {
    this.part = VerifiedPart.systemStore;
    this.problems = 0;
    this.objects = 0;
    this.nextObject = 0;
    this.bootManagerCount = 0;
    this.pendingLength = 0;
    this.store.close();
  }

  /** Verifies the next object or part. `scratch` has whole blocks, at least `RING_SCRATCH_BYTES`. */
  step(scratch: Bytes): VerifierState {
    this.fault = "";
    switch (this.part) {
      case VerifiedPart.systemStore:
        return this.storeStep(this.regions.system, scratch);
      case VerifiedPart.recoveryStore:
        return this.storeStep(this.regions.recovery, scratch);
      case VerifiedPart.removablePath:
        return this.finish(this.checkFile(REMOVABLE_PATH, scratch));
      case VerifiedPart.bootManager:
        return this.finish(this.checkFile(BOOT_MANAGER_PATH, scratch));
      case VerifiedPart.stateRing:
        return this.finish(this.checkRing(scratch));
      case VerifiedPart.log:
        return this.finish(this.checkReadable(this.regions.log, scratch));
      case VerifiedPart.data:
        return this.finish(this.checkData(scratch));
      case VerifiedPart.end:
        return VerifierState.done;
    }
  }

  /** The part that was finished last. */
  finishedPart(): VerifiedPart {
    return this.finished;
  }

  /** What is wrong with it; empty where nothing is. */
  problem(): string {
    return this.fault;
  }

  problemCount(): u32 {
    return this.problems;
  }

  /** Objects whose hashes agreed. */
  objectCount(): u32 {
    return this.objects;
  }

  /** The version of an update that was cut short before it took effect; empty where none was. */
  pendingVersion(): Bytes {
    return bytesOf(this.pending).slice(0, this.pendingLength);
  }

  /** A part is done: on to the next one. */
  private finish(fault: string): VerifierState {
    this.fault = fault;
    this.finished = this.part;
    this.part = partAfter(this.part);
    this.nextObject = 0;
    this.store.close();
    if (utf8(fault).length > 0) this.problems++;
    return VerifierState.partDone;
  }

  /** Opens the store, then proves one object a step. */
  private storeStep(region: Region, scratch: Bytes): VerifierState {
    if (region.sectorCount() === 0n) return this.finish("missing");
    if (!this.store.isOpen()) {
      const fault = this.openStore(region);
      return utf8(fault).length > 0 ? this.finish(fault) : VerifierState.working;
    }
    const manifest = bytesOf(this.manifest);
    if (this.nextObject === MANIFEST.objectCount.get(manifest)) return this.finish("");
    const verified = this.store.verifyObject(objectAt(manifest, this.nextObject), scratch);
    if (!verified.ok) return this.finish(storeErrorName(verified.error));
    this.nextObject++;
    this.objects++;
    return VerifierState.working;
  }

  private openStore(region: Region): string {
    const opened = this.store.open(region);
    if (!opened.ok) return storeErrorName(opened.error);
    this.collectBootManagers();
    const read = this.store.readManifest(ROOT.currentId.get(this.store.root()), bytesOf(this.manifest));
    return read.ok ? "" : storeErrorName(read.error);
  }

  /** Of a manifest that does not read nothing is known; the current one is judged by whoever opens the store. */
  private collectBootManagers(): void {
    const manifest = bytesOf(this.manifest);
    const root = this.store.root();
    for (let i: u32 = 0; i < ROOT.manifestCount.get(root); i++) {
      const reference = referenceAt(root, i);
      const read = this.store.readManifest(REFERENCE.manifestId.get(reference), manifest);
      if (!read.ok) continue;
      if (isPending(reference)) this.notePending(versionText(manifest));
      const index = findObject(manifest, ObjectKind.bootManager);
      if (index >= 0) this.collectBootManager(OBJECT.sha256.of(objectAt(manifest, u32(index))));
    }
  }

  private notePending(version: Bytes): void {
    this.pendingLength = version.length;
    bytesOf(this.pending).slice(0, version.length).copyFrom(version);
  }

  private collectBootManager(digest: Bytes): void {
    if (this.isBootManager(digest) || this.bootManagerCount === BOOT_MANAGER_LIMIT) return;
    this.knownDigest(this.bootManagerCount).copyFrom(digest);
    this.bootManagerCount++;
  }

  private isBootManager(digest: Bytes): boolean {
    for (let i: u32 = 0; i < this.bootManagerCount; i++) {
      if (this.knownDigest(i).equals(digest)) return true;
    }
    return false;
  }

  private knownDigest(index: u32): Bytes {
    return bytesOf(this.bootManagers).slice(index * SHA256_BYTES, SHA256_BYTES);
  }

  /** The file is there, readable, and hashes to what a release says. */
  private checkFile(path: string, scratch: Bytes): string {
    if (this.regions.efiSystem.sectorCount() === 0n) return "missing";
    const mounted = this.files.mount(this.regions.efiSystem);
    if (!mounted.ok) return fatErrorName(mounted.error);
    const size = this.files.open(path);
    if (!size.ok) return fatErrorName(size.error);
    this.hash.begin();
    let at: u32 = 0;
    while (at < size.value) {
      const read = this.files.read(at, scratch);
      if (!read.ok) return fatErrorName(read.error);
      if (read.value === 0) return "truncated";
      this.hash.update(scratch.slice(0, read.value));
      at += read.value;
    }
    this.hash.finish(bytesOf(this.digest));
    if (this.bootManagerCount === 0) return "nothing-to-compare-with";
    return this.isBootManager(bytesOf(this.digest)) ? "" : "checksum-mismatch";
  }

  private checkRing(scratch: Bytes): string {
    if (this.regions.state.sectorCount() === 0n) return "missing";
    const opened = this.ring.open(this.regions.state, scratch.slice(0, RING_SCRATCH_BYTES));
    if (!opened.ok) return "io-error";
    switch (this.ring.condition()) {
      case StateCondition.good:
        return "";
      case StateCondition.empty:
        return "empty";
      case StateCondition.damaged:
        return "damaged";
      case StateCondition.newer:
        return "newer-version";
      case StateCondition.foreign:
        return "something-else";
    }
  }

  private checkReadable(region: Region, scratch: Bytes): string {
    if (region.sectorCount() === 0n) return "missing";
    const read = region.read(0n, scratch.slice(0, HEAD_BYTES));
    return read.ok ? "" : "io-error";
  }

  private checkData(scratch: Bytes): string {
    const fault = this.checkReadable(this.regions.data, scratch);
    if (utf8(fault).length > 0) return fault;
    return isExtSuper(scratch.slice(EXT4_SUPER_AT, EXT4_SUPER_BYTES)) ? "" : "no-file-system";
  }
}

/** How a part is called in the report. */
export function verifiedPartName(part: VerifiedPart): string {
  switch (part) {
    case VerifiedPart.systemStore:
      return "system store";
    case VerifiedPart.recoveryStore:
      return "recovery store";
    case VerifiedPart.removablePath:
      return "removable boot path";
    case VerifiedPart.bootManager:
      return "boot manager";
    case VerifiedPart.stateRing:
      return "state ring";
    case VerifiedPart.log:
      return "log";
    case VerifiedPart.data:
      return "data";
    case VerifiedPart.end:
      return "";
  }
}

function partAfter(part: VerifiedPart): VerifiedPart {
  switch (part) {
    case VerifiedPart.systemStore:
      return VerifiedPart.recoveryStore;
    case VerifiedPart.recoveryStore:
      return VerifiedPart.removablePath;
    case VerifiedPart.removablePath:
      return VerifiedPart.bootManager;
    case VerifiedPart.bootManager:
      return VerifiedPart.stateRing;
    case VerifiedPart.stateRing:
      return VerifiedPart.log;
    case VerifiedPart.log:
      return VerifiedPart.data;
    case VerifiedPart.data:
    case VerifiedPart.end:
      return VerifiedPart.end;
  }
}
