/**
 * InstallationCheck: `verifyInstallation` for a disk that carries RayOS: its partition table in both copies, then all
 * parts by `InstallationVerifier`, which partitions it has being found in the table.
 *
 * An installation stick has neither recovery nor data; there their absence is no fault. Writes nothing; called by the shell.
 */
import { GptFault, gptFaultName } from "../format/gpt.ts";
import { PartitionRole } from "../format/partition-types.ts";
import { DiskContents } from "../policy/target-validation.ts";
import { DiskRegistry } from "./disk-registry.ts";
import {
  InstallationRegions,
  InstallationVerifier,
  VerifiedPart,
  VerifierState,
} from "./installation-verifier.ts";
import { PartitionManager } from "./partition-manager.ts";

export const enum InstallationCheckState {
  working = 0,
  tableDone = 1,
  partDone = 2,
  done = 3,
}

const SCRATCH_BYTES = 1048576;

export class InstallationCheck {
  private disk: u32 = 0;
  private hasLookedAtTable: boolean = false;
  private running: boolean = false;
  private isStick: boolean = false;
  private fault: string = "";
  private problems: u32 = 0;
  private readonly scratch = new Uint8Array(SCRATCH_BYTES);

  constructor(
    readonly disks: DiskRegistry,
    private readonly partitions: PartitionManager,
    private readonly regions: InstallationRegions,
    private readonly verifier: InstallationVerifier,
  ) {}

  /** Whether a disk carries an installation of RayOS at all. */
  isInstalled(disk: u32): boolean {
    const contents = this.partitions.enumeratePartitions(this.disks.device(disk));
    return contents === DiskContents.rayos || contents === DiskContents.rayosBesideOthers;
  }

  /** Starts with a disk. */
  begin(disk: u32): void {
    this.disk = disk;
    this.hasLookedAtTable = false;
    this.running = true;
    this.problems = 0;
    this.fault = "";
  }

  /** Gives up. */
  stop(): void {
    this.running = false;
    this.regions.close();
  }

  step(): InstallationCheckState {
    if (!this.running) return InstallationCheckState.done;
    this.fault = "";
    if (!this.hasLookedAtTable) return this.checkTable();
    switch (this.verifier.step(bytesOf(this.scratch))) {
      case VerifierState.working:
        return InstallationCheckState.working;
      case VerifierState.partDone:
        return this.takePart();
      case VerifierState.done:
        this.stop();
        return InstallationCheckState.done;
    }
  }

  /** The part that was finished last. */
  part(): VerifiedPart {
    return this.verifier.finishedPart();
  }

  /** What is wrong with it; empty where nothing is. */
  problem(): string {
    return this.fault;
  }

  problemCount(): u32 {
    return this.problems;
  }

  /** The version of an update that was cut short; empty where none was. */
  pendingVersion(): Bytes {
    return this.verifier.pendingVersion();
  }

  objectCount(): u32 {
    return this.verifier.objectCount();
  }

  private checkTable(): InstallationCheckState {
    const device = this.disks.device(this.disk);
    const partitions = this.partitions;
    this.hasLookedAtTable = true;
    partitions.enumeratePartitions(device);
    if (!partitions.hasTable()) {
      this.fault = "missing";
      this.problems++;
      this.running = false;
      return InstallationCheckState.tableDone;
    }
    partitions.openRole(device, PartitionRole.efiSystem, this.regions.efiSystem);
    partitions.openRole(device, PartitionRole.system, this.regions.system);
    const hasRecovery = partitions.openRole(device, PartitionRole.recovery, this.regions.recovery);
    partitions.openRole(device, PartitionRole.state, this.regions.state);
    partitions.openRole(device, PartitionRole.log, this.regions.log);
    const hasData = partitions.openRole(device, PartitionRole.data, this.regions.data);
    this.isStick = !hasRecovery && !hasData;
    this.verifier.begin();
    const fault = partitions.checkCopies(device);
    if (fault !== GptFault.none) {
      this.fault = gptFaultName(fault);
      this.problems++;
    }
    return InstallationCheckState.tableDone;
  }

  private takePart(): InstallationCheckState {
    const part = this.verifier.finishedPart();
    const isAbsent = this.isStick && (part === VerifiedPart.recoveryStore || part === VerifiedPart.data);
    if (isAbsent) return InstallationCheckState.working;
    this.fault = this.verifier.problem();
    if (utf8(this.fault).length > 0) this.problems++;
    return InstallationCheckState.partDone;
  }
}
