/**
 * BootKeeper: this boot's stages, told to the boot marker with the right times, and the end that it comes to.
 *
 * The state ring lies on the disk that the system was booted from. Where the kernel has no driver for that medium (a stick), or
 * cannot write it, stages up to the shell are only said, not kept: one line on the console tells so. A boot turns golden once, and
 * only where its record is durable.
 */
import { ioErrorName } from "../device/block-device.ts";
import { HANDOFF } from "../format/handoff.ts";
import { PartitionRole } from "../format/partition-types.ts";
import { BOOT, bootAt, BootEnding, BootStage, STATE } from "../format/state-record.ts";
import { readTsc } from "../machine/intrinsics.ts";
import { MachineClock } from "../machine/time.ts";
import { BootMarker, MarkerError } from "../service/boot-marker.ts";
import { DiskRegistry } from "../service/disk-registry.ts";
import { MarkerStorage } from "../service/marker-storage.ts";
import { PartitionManager } from "../service/partition-manager.ts";
import { Region } from "../storage/region.ts";
import { BootHandoff } from "./boot-handoff.ts";
import { KernelConsole } from "./kernel-console.ts";

const SCRATCH_BYTES = 131072;
const BOOT_BYTES = 52;

export class BootKeeper {
  private readonly boot = new Uint8Array(BOOT_BYTES);
  private readonly region = new Region();
  private readonly storage = new MarkerStorage();
  private readonly scratch = new Uint8Array(SCRATCH_BYTES);
  private isKept: boolean = false;

  constructor(
    private readonly marker: BootMarker,
    private readonly handoff: BootHandoff,
    private readonly clock: MachineClock,
    private readonly console: KernelConsole,
  ) {}

  /** Begins with what the handoff says about this boot. The kernel runs. */
  begin(): void {
    const record = this.handoff.record();
    const boot = bytesOf(this.boot);
    BOOT.bootId.of(boot).copyFrom(HANDOFF.bootId.of(record));
    BOOT.manifestId.set(boot, HANDOFF.manifestId.get(record));
    BOOT.reason.set(boot, HANDOFF.reason.get(record));
    BOOT.mode.set(boot, HANDOFF.mode.get(record));
    BOOT.tryNumber.set(boot, HANDOFF.tryNumber.get(record));
    BOOT.tryMaximum.set(boot, HANDOFF.tryMaximum.get(record));
    BOOT.fromRecoveryStore.set(boot, HANDOFF.fromRecoveryStore.get(record));
    BOOT.series.set(boot, HANDOFF.series.get(record));
    this.marker.create(this.console, boot);
    this.reach(BootStage.kernelLoaded);
  }

  /**
   * Of several disks that bear the GUID of the boot medium, copies of each other, the one whose newest boot is this one: the boot manager
   * wrote there. `first` where none has it, or where there is no choice.
   */
  recognise(disks: DiskRegistry, partitions: PartitionManager, first: i32): i32 {
    const bootId = HANDOFF.bootId.of(this.handoff.record());
    const installation = HANDOFF.installationId.of(this.handoff.record());
    for (let i: u32 = 0; i < disks.count(); i++) {
      if (!disks.isBootDisk(i)) continue;
      partitions.enumeratePartitions(disks.device(i));
      if (!partitions.openRole(disks.device(i), PartitionRole.state, this.region)) continue;
      const opened = this.storage.open(this.region, bytesOf(this.scratch), installation);
      if (!opened.ok || STATE.historyCount.get(this.storage.record()) === 0) continue;
      if (BOOT.bootId.of(bootAt(this.storage.record(), 0)).equals(bootId)) return i32(i);
    }
    return first;
  }

  /** The boot disk is `disk` of the registry, or unknown (-1): from here on stages are durable. */
  attach(disks: DiskRegistry, partitions: PartitionManager, disk: i32): void {
    if (disk < 0) {
      this.console.line(
        "boot records: the boot medium is none of this kernel's disks; this boot is not recorded",
      );
      return;
    }
    const device = disks.device(u32(disk));
    partitions.enumeratePartitions(device);
    if (!partitions.openRole(device, PartitionRole.state, this.region)) {
      this.console.line("boot records: the boot disk has no state partition; this boot is not recorded");
      return;
    }
    const installation = HANDOFF.installationId.of(this.handoff.record());
    const opened = this.storage.open(this.region, bytesOf(this.scratch), installation);
    if (!opened.ok) {
      this.console.lineOf("boot records: the state partition cannot be read: ", ioErrorName(opened.error));
      return;
    }
    if (!this.storage.mayWrite()) {
      this.console.line(
        "boot records: the state partition is of a newer version, or holds something else: this boot is not recorded",
      );
      return;
    }
    const attached = this.marker.attach(this.storage, true, this.clock.unixSeconds());
    this.isKept = attached.ok;
    if (!attached.ok) this.giveUp(attached.error);
  }

  /** The next stage is reached. A disk that fails costs the record, not the stage. */
  reach(stage: BootStage): void {
    const marked = this.marker.markStage(stage, this.sinceStartMs(), this.clock.unixSeconds());
    if (marked.ok) return;
    if (marked.error !== MarkerError.storage) {
      this.console.lineOf("boot records: ", markerErrorText(marked.error));
      return;
    }
    this.giveUp(marked.error);
    const said = this.marker.markStage(stage, this.sinceStartMs(), this.clock.unixSeconds());
    assert(said.ok);
  }

  /**
   * The shell is ready: this boot is good. A rescue boot never becomes golden, nor does one that is not recorded, as `attach`
   * said: neither is a fault. True where it is golden.
   */
  turnGolden(): boolean {
    const marked = this.marker.markGolden(this.sinceStartMs(), this.clock.unixSeconds());
    if (marked.ok) return true;
    if (marked.error !== MarkerError.rescue && marked.error !== MarkerError.noStorage) {
      this.console.lineOf("boot records: ", markerErrorText(marked.error));
    }
    return false;
  }

  /** This boot ends as it should. */
  end(ending: BootEnding): void {
    if (!this.isKept) return;
    const ended = this.marker.endBoot(ending, this.clock.unixSeconds());
    if (!ended.ok) this.console.lineOf("boot records: ", markerErrorText(ended.error));
  }

  /** The record cannot be kept: this boot goes on without, and is never golden. */
  private giveUp(why: MarkerError): void {
    this.isKept = false;
    this.marker.detach();
    this.console.lineOf("boot records: this boot is not recorded: ", markerErrorText(why));
  }

  /** Milliseconds since the boot manager started, by the processor's counter, which both programs read. */
  private sinceStartMs(): u32 {
    const start = HANDOFF.tscAtStart.get(this.handoff.record());
    const now = readTsc();
    const hz = this.clock.tscHz();
    if (now < start || hz < 1000n) return 0;
    const passed = u64(now - start) / (hz / 1000n);
    return passed > 0xffff_ffffn ? 0xffff_ffff : u32(Number(passed));
  }
}

function markerErrorText(error: MarkerError): string {
  switch (error) {
    case MarkerError.storage:
      return "the state partition cannot be written";
    case MarkerError.outOfOrder:
      return "a stage came out of order";
    case MarkerError.noStorage:
      return "there is no state partition";
    case MarkerError.rescue:
      return "a rescue boot does not become golden";
    case MarkerError.noGolden:
      return "no boot was golden yet";
  }
}
