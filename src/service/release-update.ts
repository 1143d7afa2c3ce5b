/**
 * ReleaseUpdate: puts the release that lies in memory beside an installed one, a step at a time (`install --update`).
 *
 *     aim (a disk) | survey (partitions that are open) → begin → step … → done | failed
 *
 * Durable steps:
 * 1. the release's objects and its manifest, into free space of the system store, each read back and hashed;
 * 2. a root that names the release as one to come, and starts the installed one as before;
 * 3. the boot files on the EFI system partition, where they differ: each is replaced whole (`storage/fat-file-writer.ts`);
 * 4. the store's new root: **the commit point**. What was current is the previous release.
 * Before 4 the installed release starts, whatever was cut off; after it the new one. A boot manager starts the releases before its own too
 * (docs/PROTOCOL.md), so the order of 3 and 4 leaves no state that does not start, and 2 none in which a boot file is of a release that the
 * store does not have: every checksum agrees, wherever it is cut. What a cut leaves stays until an update comes to its end. Nothing else of
 * the disk is written: not the recovery store, which follows when the release is golden; not the state ring, the log, the data. The
 * configuration is kept.
 * Called by the shell's update dialogue; every step is short.
 */
import { MARKER_BYTES, updateBegin, updateErr, updateOk } from "../base/markers.ts";
import { sha256, SHA256_BYTES } from "../base/sha256.ts";
import { TextWriter } from "../base/text-writer.ts";
import { Clock } from "../device/clock.ts";
import { MarkerSink } from "../device/marker-sink.ts";
import { MANIFEST, MANIFEST_BYTES, OBJECT, objectAt, ObjectKind, versionText } from "../format/manifest.ts";
import { PartitionRole } from "../format/partition-types.ts";
import { findReference, MANIFEST_LIMIT, REFERENCE, referenceAt, ROOT } from "../format/store.ts";
import { DiskContents } from "../policy/target-validation.ts";
import {
  decideUpdate,
  UpdateDecision,
  UpdateFacts,
  UpdateRefusal,
  updateRefusalName,
} from "../policy/update-decision.ts";
import { fatErrorName } from "../storage/fat-error.ts";
import { ObjectStore, StoreError, storeErrorText } from "../storage/object-store.ts";
import { BOOT_MANAGER_PATH, BootFiles, REMOVABLE_PATH } from "./boot-files.ts";
import { DiskRegistry, NO_DISK } from "./disk-registry.ts";
import { findSourceObject, InstallationSource } from "./installation-source.ts";
import { InstallationRegions } from "./installation-verifier.ts";
import { PartitionManager } from "./partition-manager.ts";
import { ReleaseWriter, storeErrorName } from "./release-writer.ts";

const SCRATCH_BYTES = 1048576;
const VERSION_BYTES = 32;
const REASON_BYTES = 64;

export const enum UpdateState {
  idle = 0,
  working = 1,
  done = 2,
  failed = 3,
}

const enum UpdateStage {
  checkRelease = 0,
  openStore = 1,
  writeObjects = 2,
  announce = 3,
  bootDirectories = 4,
  removablePath = 5,
  bootManager = 6,
  commit = 7,
  proof = 8,
  complete = 9,
}

/** What an update would change. */
export class UpdatePlan {
  /** The manifest that is current now, which will be the previous one. */
  installedId: u32 = 0;
  fromLength: u32 = 0;
  toLength: u32 = 0;
  readonly from = new Uint8Array(VERSION_BYTES);
  readonly to = new Uint8Array(VERSION_BYTES);
  /** Bytes of the release's objects: what is the same already is not written again. */
  releaseBytes: u64 = 0n;
}

export class ReleaseUpdate {
  readonly plan = new UpdatePlan();
  readonly decision = new UpdateDecision();
  private readonly facts = new UpdateFacts();
  private readonly store = new ObjectStore();
  private readonly writer = new ReleaseWriter();
  private readonly files = new BootFiles();
  private readonly manifest = new Uint8Array(MANIFEST_BYTES);
  private readonly digest = new Uint8Array(SHA256_BYTES);
  private readonly scratch = new Uint8Array(SCRATCH_BYTES);
  private readonly line = new Uint8Array(MARKER_BYTES);
  private readonly reasonText = new Uint8Array(REASON_BYTES);
  private reasonLength: u32 = 0;
  private current: UpdateState = UpdateState.idle;
  private stage: UpdateStage = UpdateStage.complete;
  /** Within a stage: the object at hand. */
  private object: u32 = 0;
  private seconds: u64 = 0n;
  private disk: u32 = NO_DISK;
  private problem: string = "";

  constructor(
    readonly disks: DiskRegistry,
    private readonly partitions: PartitionManager,
    private readonly regions: InstallationRegions,
    private readonly source: InstallationSource,
    private readonly clock: Clock,
    private readonly markers: MarkerSink,
  ) {}

  /** Turns to a disk: whether it may be updated. If not, `decision` and `storeProblem` say why, and the marker is emitted. */
  aim(disk: u32): boolean {
    const device = this.disks.device(disk);
    const contents = this.partitions.enumeratePartitions(device);
    this.disk = disk;
    this.regions.close();
    this.facts.isInstalled = contents === DiskContents.rayos || contents === DiskContents.rayosBesideOthers;
    this.facts.isReadOnly = device.isReadOnly();
    if (this.facts.isInstalled) {
      this.partitions.openRole(device, PartitionRole.efiSystem, this.regions.efiSystem);
      this.partitions.openRole(device, PartitionRole.system, this.regions.system);
    }
    return this.decide();
  }

  /** The same for partitions that somebody opened in the regions: those of an installation. */
  survey(): boolean {
    this.facts.isInstalled = true;
    this.facts.isReadOnly = this.regions.system.isReadOnly();
    return this.decide();
  }

  /** Decides, and fills in the plan. */
  private decide(): boolean {
    this.current = UpdateState.idle;
    this.reasonLength = 0;
    this.surveyRelease();
    this.surveyStore();
    this.facts.hasEfiSystem = this.regions.efiSystem.sectorCount() > 0n;
    decideUpdate(this.facts, this.decision);
    if (this.decision.refusal === UpdateRefusal.none) return true;
    this.refuse(updateRefusalName(this.decision.refusal));
    return false;
  }

  /** What is wrong with the store, where that is the reason; else nothing. */
  storeProblem(): string {
    return this.problem;
  }

  /** The name of the disk that `aim` turned to. */
  name(): Bytes {
    assert(this.disk !== NO_DISK);
    return this.disks.name(this.disk);
  }

  /** An update that ends before it began: nothing was written. */
  refuse(reason: string): void {
    this.emitError(utf8(reason));
    this.regions.close();
  }

  /** Begins. Only after both confirmations. */
  begin(): void {
    assert(this.decision.refusal === UpdateRefusal.none);
    this.current = UpdateState.working;
    this.stage = UpdateStage.checkRelease;
    this.object = 0;
    this.reasonLength = 0;
    this.seconds = this.clock.unixSeconds();
    const out = new TextWriter(bytesOf(this.line));
    updateBegin(out, this.toVersion());
    this.markers.emit(out.written());
  }

  /** Does the next piece of work. */
  step(): UpdateState {
    if (this.current !== UpdateState.working) return this.current;
    const scratch = bytesOf(this.scratch);
    switch (this.stage) {
      case UpdateStage.checkRelease:
        this.checkObject();
        break;
      case UpdateStage.openStore:
        this.goOn(this.writer.beginBeside(this.regions.system, this.source, this.seconds, scratch));
        break;
      case UpdateStage.writeObjects:
        this.writePiece(scratch);
        break;
      case UpdateStage.announce:
        this.goOn(this.writer.announce());
        break;
      case UpdateStage.bootDirectories:
        this.openBootFiles();
        break;
      case UpdateStage.removablePath:
        this.replaceFile(REMOVABLE_PATH, scratch);
        break;
      case UpdateStage.bootManager:
        this.replaceFile(BOOT_MANAGER_PATH, scratch);
        break;
      case UpdateStage.commit:
        this.goOn(this.writer.commit());
        break;
      case UpdateStage.proof:
        this.prove(scratch);
        break;
      case UpdateStage.complete:
        break;
    }
    return this.current;
  }

  /** How much is done, in thousandths. */
  permille(): u32 {
    return Math.trunc((this.stage * 1000) / UpdateStage.complete);
  }

  stageText(): string {
    return stageName(this.stage);
  }

  /** After a failure: `<stage>-<reason>`, as in the marker. */
  reason(): Bytes {
    return bytesOf(this.reasonText).slice(0, this.reasonLength);
  }

  /** Whether the new release is the one that starts next: after the commit point, however the proof behind it ended. */
  isCommitted(): boolean {
    return this.stage > UpdateStage.commit;
  }

  fromVersion(): Bytes {
    return bytesOf(this.plan.from).slice(0, this.plan.fromLength);
  }

  toVersion(): Bytes {
    return bytesOf(this.plan.to).slice(0, this.plan.toLength);
  }

  /** Whether the configuration that was found is in the new release. Known once its objects are written. */
  keepsConfiguration(): boolean {
    return this.writer.keepsConfiguration();
  }

  private surveyRelease(): void {
    const plan = this.plan;
    const count = this.source.objectCount();
    this.facts.hasRelease = count > 0 && findSourceObject(this.source, ObjectKind.kernel) >= 0;
    this.facts.offeredVersion = this.facts.hasRelease ? this.source.versionNumber() : 0;
    plan.toLength = this.facts.hasRelease ? this.source.versionText(bytesOf(plan.to)) : 0;
    plan.releaseBytes = 0n;
    for (let i: u32 = 0; i < count; i++) plan.releaseBytes += BigInt(this.source.objectBytes(i).length);
  }

  private surveyStore(): void {
    const facts = this.facts;
    facts.storeOpens = false;
    facts.hasRoom = false;
    facts.installedVersion = 0;
    facts.versionFloor = 0;
    facts.isSameContent = false;
    this.plan.fromLength = 0;
    this.plan.installedId = 0;
    this.problem = "";
    const opened = this.openStore();
    if (!opened.ok) {
      this.problem = storeErrorText(opened.error);
      return;
    }
    const root = this.store.root();
    facts.storeOpens = true;
    facts.hasRoom = ROOT.manifestCount.get(root) < MANIFEST_LIMIT;
    facts.versionFloor = ROOT.versionFloor.get(root);
    this.surveyInstalled(ROOT.currentId.get(root));
  }

  private openStore(): Result<void, StoreError> {
    if (this.regions.system.sectorCount() === 0n) return err(StoreError.notAStore);
    return this.store.open(this.regions.system);
  }

  /** The current release. One that cannot be read has the version of its reference and no text: it may be replaced all the same. */
  private surveyInstalled(id: u32): void {
    const index = findReference(this.store.root(), id);
    if (index < 0) return;
    this.plan.installedId = id;
    this.facts.installedVersion = REFERENCE.versionNumber.get(referenceAt(this.store.root(), u32(index)));
    const manifest = bytesOf(this.manifest);
    const read = this.store.readManifest(id, manifest);
    if (!read.ok) return;
    const text = versionText(manifest);
    bytesOf(this.plan.from).slice(0, text.length).copyFrom(text);
    this.plan.fromLength = text.length;
    this.facts.isSameContent = this.isContainedIn(manifest);
  }

  private isContainedIn(manifest: Bytes): boolean {
    for (let i: u32 = 0; i < this.source.objectCount(); i++) {
      if (this.source.objectKind(i) === ObjectKind.configuration) continue;
      if (!names(manifest, this.source.objectSha256(i))) return false;
    }
    return true;
  }

  /** Hashes one object in memory; nothing is written. */
  private checkObject(): void {
    if (findSourceObject(this.source, ObjectKind.bootManager) < 0) {
      this.fail("no-boot-manager");
      return;
    }
    sha256(this.source.objectBytes(this.object), bytesOf(this.digest));
    if (!bytesOf(this.digest).equals(this.source.objectSha256(this.object))) {
      this.fail("checksum-mismatch");
      return;
    }
    this.object++;
    if (this.object === this.source.objectCount()) this.advance();
  }

  private writePiece(scratch: Bytes): void {
    const stepped = this.writer.step(this.source, scratch);
    if (!stepped.ok) this.fail(storeErrorName(stepped.error));
    else if (!stepped.value) this.advance();
  }

  private openBootFiles(): void {
    const mounted = this.files.mount(this.regions.efiSystem);
    if (!mounted.ok) {
      this.fail(fatErrorName(mounted.error));
      return;
    }
    const made = this.files.makeDirectories(this.seconds);
    if (made.ok) this.advance();
    else this.fail(fatErrorName(made.error));
  }

  /** One of the two boot files: whole old or whole new, and left alone where it is the same. */
  private replaceFile(path: string, scratch: Bytes): void {
    const index = findSourceObject(this.source, ObjectKind.bootManager);
    assert(index >= 0, "the release was checked");
    const content = this.source.objectBytes(u32(index));
    const same = this.files.isSame(path, content, scratch);
    if (same.ok && same.value) {
      this.advance();
      return;
    }
    const written = this.files.write(path, content, this.seconds, scratch);
    if (written.ok) this.advance();
    else this.fail(fatErrorName(written.error));
  }

  /** Opens the store anew, as the next boot will, and proves one object of the release. */
  private prove(scratch: Bytes): void {
    const manifest = bytesOf(this.manifest);
    const opened = this.object === 0 ? this.openCommitted(manifest) : "";
    if (opened !== "") {
      this.fail(opened);
      return;
    }
    const verified = this.store.verifyObject(objectAt(manifest, this.object), scratch);
    if (!verified.ok) {
      this.fail(storeErrorName(verified.error));
      return;
    }
    this.object++;
    if (this.object === MANIFEST.objectCount.get(manifest)) this.advance();
  }

  /** The manifest of the release as it stands in the store now; the word for what is wrong, or nothing. */
  private openCommitted(manifest: Bytes): string {
    const opened = this.store.open(this.regions.system);
    if (!opened.ok) return storeErrorName(opened.error);
    const read = this.store.readManifest(this.writer.manifestId(), manifest);
    return read.ok ? "" : storeErrorName(read.error);
  }

  private goOn(result: Result<void, StoreError>): void {
    if (result.ok) this.advance();
    else this.fail(storeErrorName(result.error));
  }

  private advance(): void {
    this.stage = stageAfter(this.stage);
    this.object = 0;
    if (this.stage !== UpdateStage.complete) return;
    this.current = UpdateState.done;
    this.regions.close();
    const out = new TextWriter(bytesOf(this.line));
    updateOk(out, this.toVersion());
    this.markers.emit(out.written());
  }

  private fail(fault: string): void {
    this.current = UpdateState.failed;
    this.regions.close();
    const reason = new TextWriter(bytesOf(this.reasonText));
    reason.text(stageName(this.stage));
    reason.text("-");
    reason.text(fault);
    this.reasonLength = reason.written().length;
    this.emitError(this.reason());
  }

  private emitError(detail: Bytes): void {
    const out = new TextWriter(bytesOf(this.line));
    updateErr(out, this.toVersion(), detail);
    this.markers.emit(out.written());
  }
}

function names(manifest: Bytes, digest: Bytes): boolean {
  const count = MANIFEST.objectCount.get(manifest);
  for (let i: u32 = 0; i < count; i++) {
    if (OBJECT.sha256.of(objectAt(manifest, i)).equals(digest)) return true;
  }
  return false;
}

function stageName(stage: UpdateStage): string {
  switch (stage) {
    case UpdateStage.checkRelease:
      return "check-release";
    case UpdateStage.openStore:
      return "open-store";
    case UpdateStage.writeObjects:
      return "system-store";
    case UpdateStage.announce:
      return "announce";
    case UpdateStage.bootDirectories:
    case UpdateStage.removablePath:
    case UpdateStage.bootManager:
      return "boot-files";
    case UpdateStage.commit:
      return "commit";
    case UpdateStage.proof:
      return "proof";
    case UpdateStage.complete:
      return "complete";
  }
}

function stageAfter(stage: UpdateStage): UpdateStage {
  switch (stage) {
    case UpdateStage.checkRelease:
      return UpdateStage.openStore;
    case UpdateStage.openStore:
      return UpdateStage.writeObjects;
    case UpdateStage.writeObjects:
      return UpdateStage.announce;
    case UpdateStage.announce:
      return UpdateStage.bootDirectories;
    case UpdateStage.bootDirectories:
      return UpdateStage.removablePath;
    case UpdateStage.removablePath:
      return UpdateStage.bootManager;
    case UpdateStage.bootManager:
      return UpdateStage.commit;
    case UpdateStage.commit:
      return UpdateStage.proof;
    case UpdateStage.proof:
    case UpdateStage.complete:
      return UpdateStage.complete;
  }
}
