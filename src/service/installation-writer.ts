/**
 * InstallationWriter: fills the partitions of an installation: boot files, both stores, state ring, data.
 *
 * Works on regions, and so can reach nothing but the partitions that were planned. Each function does one step and says
 * whether its stage goes on; whatever it writes it reads back. Owned by the installer, which keeps the order.
 */
import { GUID_BYTES, makeRandomGuid } from "../base/guid.ts";
import { sha256, SHA256_BYTES } from "../base/sha256.ts";
import { ioErrorName } from "../device/block-device.ts";
import { Entropy } from "../device/entropy.ts";
import { ObjectKind } from "../format/manifest.ts";
import { makeStateRecord, STATE_RECORD_BYTES } from "../format/state-record.ts";
import { Ext4Error } from "../storage/ext4-format.ts";
import { FatError, fatErrorName } from "../storage/fat-error.ts";
import { Region } from "../storage/region.ts";
import { STATE_RING_BYTES, StateRing } from "../storage/state-ring.ts";
import { BOOT_MANAGER_PATH, BootFiles, REMOVABLE_PATH, SAVED_TABLE_PATH } from "./boot-files.ts";
import { findSourceObject, InstallationSource } from "./installation-source.ts";
import { InstallationRegions } from "./installation-verifier.ts";
import { PartitionManager } from "./partition-manager.ts";
import { ReleaseWriter, storeErrorName } from "./release-writer.ts";

export const enum StepOutcome {
  /** The stage wants another step. */
  more = 0,
  done = 1,
  /** `fault` says why. */
  failed = 2,
}

const RING_SCRATCH_BYTES = 131072;
/** Steps of the boot files' stage: format, directories, three files. */
const BOOT_FILE_STEPS = 5;

export class InstallationWriter {
  private readonly files = new BootFiles();
  private readonly release = new ReleaseWriter();
  private readonly ring = new StateRing();
  private readonly stateRecord = new Uint8Array(STATE_RECORD_BYTES);
  private readonly digest = new Uint8Array(SHA256_BYTES);
  private readonly installation = new Uint8Array(GUID_BYTES);
  private readonly storeId = new Uint8Array(GUID_BYTES);
  private reason: string = "";
  /** How many steps of the stage at hand are done. */
  private stepNumber: u32 = 0;
  private seconds: u64 = 0n;

  constructor(
    private readonly source: InstallationSource,
    private readonly regions: InstallationRegions,
    private readonly partitions: PartitionManager,
    private readonly entropy: Entropy,
  ) {}

  /** Starts an installation with an id of its own. */
  create(seconds: u64): void {
    this.seconds = seconds;
    this.stepNumber = 0;
    this.reason = "";
    this.entropy.fill(bytesOf(this.installation));
    makeRandomGuid(bytesOf(this.installation));
  }

  /** Before the first step of a stage. */
  startStage(): void {
    this.stepNumber = 0;
  }

  installationId(): Bytes {
    return bytesOf(this.installation);
  }

  /** The word for what went wrong. */
  fault(): string {
    return this.reason;
  }

  /** Hashes one object of the release in memory; nothing is written. */
  checkRelease(): StepOutcome {
    if (this.source.objectCount() === 0) return this.fail("no-release-in-memory");
    if (findSourceObject(this.source, ObjectKind.bootManager) < 0) return this.fail("no-boot-manager");
    if (findSourceObject(this.source, ObjectKind.kernel) < 0) return this.fail("no-kernel");
    sha256(this.source.objectBytes(this.stepNumber), bytesOf(this.digest));
    if (!bytesOf(this.digest).equals(this.source.objectSha256(this.stepNumber))) {
      return this.fail("checksum-mismatch");
    }
    return this.next(this.source.objectCount());
  }

  /** Formats the EFI system partition and writes its files, the removable path first. */
  installBootloader(savedTable: Bytes, scratch: Bytes): StepOutcome {
    switch (this.stepNumber) {
      case 0: {
        const formatted = this.partitions.formatEfiSystem(this.regions.efiSystem, this.seconds, scratch);
        return formatted.ok ? this.next(BOOT_FILE_STEPS) : this.failFat(formatted.error);
      }
      case 1:
        return this.makeDirectories();
      case 2:
        return this.writeFile(REMOVABLE_PATH, this.bootManager(), scratch);
      case 3:
        return this.writeFile(BOOT_MANAGER_PATH, this.bootManager(), scratch);
      default:
        return this.writeFile(SAVED_TABLE_PATH, savedTable, scratch);
    }
  }

  /** Writes the release into the system store. */
  writeRayosImage(scratch: Bytes): StepOutcome {
    return this.storeStep(this.regions.system, scratch);
  }

  /** Writes a copy of its own into the recovery store. */
  writeRecoveryPartition(scratch: Bytes): StepOutcome {
    return this.storeStep(this.regions.recovery, scratch);
  }

  /** An empty ring with one record: nothing that an older installation left there counts any more. */
  makeStateRing(scratch: Bytes): StepOutcome {
    const zeros = scratch.slice(0, STATE_RING_BYTES);
    zeros.fill(0);
    const cleared = this.regions.state.write(0n, zeros);
    if (!cleared.ok) return this.fail(ioErrorName(cleared.error));
    const opened = this.ring.open(this.regions.state, scratch.slice(0, RING_SCRATCH_BYTES));
    if (!opened.ok) return this.fail(ioErrorName(opened.error));
    makeStateRecord(bytesOf(this.stateRecord), bytesOf(this.installation));
    const appended = this.ring.append(bytesOf(this.stateRecord));
    return appended.ok ? StepOutcome.done : this.fail(ioErrorName(appended.error));
  }

  /** An empty ext4 for the user's data. */
  formatData(scratch: Bytes): StepOutcome {
    const formatted = this.partitions.formatData(this.regions.data, this.seconds, scratch);
    if (formatted.ok) return StepOutcome.done;
    return this.fail(formatted.error === Ext4Error.io ? "io-error" : "bad-size");
  }

  private makeDirectories(): StepOutcome {
    const mounted = this.files.mount(this.regions.efiSystem);
    if (!mounted.ok) return this.failFat(mounted.error);
    const made = this.files.makeDirectories(this.seconds);
    return made.ok ? this.next(BOOT_FILE_STEPS) : this.failFat(made.error);
  }

  private writeFile(path: string, content: Bytes, scratch: Bytes): StepOutcome {
    const written = this.files.write(path, content, this.seconds, scratch);
    return written.ok ? this.next(BOOT_FILE_STEPS) : this.failFat(written.error);
  }

  private storeStep(region: Region, scratch: Bytes): StepOutcome {
    if (this.stepNumber === 0) {
      this.entropy.fill(bytesOf(this.storeId));
      makeRandomGuid(bytesOf(this.storeId));
      const begun = this.release.begin(
        region,
        this.source,
        bytesOf(this.storeId),
        bytesOf(this.installation),
        this.seconds,
      );
      if (!begun.ok) return this.fail(storeErrorName(begun.error));
      this.stepNumber++;
      return StepOutcome.more;
    }
    const stepped = this.release.step(this.source, scratch);
    if (!stepped.ok) return this.fail(storeErrorName(stepped.error));
    if (stepped.value) return StepOutcome.more;
    const committed = this.release.commit();
    return committed.ok ? StepOutcome.done : this.fail(storeErrorName(committed.error));
  }

  /** `checkRelease` has seen that there is one. */
  private bootManager(): Bytes {
    const index = findSourceObject(this.source, ObjectKind.bootManager);
    assert(index >= 0);
    return this.source.objectBytes(u32(index));
  }

  private next(steps: u32): StepOutcome {
    this.stepNumber++;
    return this.stepNumber === steps ? StepOutcome.done : StepOutcome.more;
  }

  private failFat(error: FatError): StepOutcome {
    return this.fail(fatErrorName(error));
  }

  private fail(reason: string): StepOutcome {
    this.reason = reason;
    return StepOutcome.failed;
  }
}
