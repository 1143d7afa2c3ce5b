/**
 * SettingsKeeper: the configuration of the release that runs, taken up at boot: what the log keeps, how the watchdog watches.
 *
 * The defaults hold where there is no configuration, where it does not match its checksum, and in recovery mode, which goes by nothing that
 * may be the cause of the trouble; the two latter are said. Reads, never writes.
 */
import type { BlockDevice } from "../device/block-device.ts";
import { BootMode, bootModeFrom } from "../format/boot-reason.ts";
import { CONFIGURATION_LIMIT_BYTES } from "../format/configuration.ts";
import { HANDOFF } from "../format/handoff.ts";
import { findObject, MANIFEST_BYTES, objectAt, ObjectKind } from "../format/manifest.ts";
import { PartitionRole } from "../format/partition-types.ts";
import { Settings } from "../policy/settings.ts";
import { PartitionManager } from "../service/partition-manager.ts";
import { PersistentLog } from "../service/persistent-log.ts";
import { Watchdog } from "../service/watchdog.ts";
import { ObjectStore, storeErrorText } from "../storage/object-store.ts";
import { Region } from "../storage/region.ts";
import { KernelConsole } from "./kernel-console.ts";

export class SettingsKeeper {
  private readonly settings = new Settings();
  private readonly region = new Region();
  private readonly store = new ObjectStore();
  private readonly manifest = new Uint8Array(MANIFEST_BYTES);
  private readonly text = new Uint8Array(CONFIGURATION_LIMIT_BYTES);

  constructor(
    private readonly partitions: PartitionManager,
    private readonly log: PersistentLog,
    private readonly watchdog: Watchdog,
    private readonly console: KernelConsole,
  ) {}

  /** Takes up what the release of `handoff`, on this disk, was configured to. */
  apply(device: BlockDevice, handoff: Bytes): void {
    if (bootModeFrom(HANDOFF.mode.get(handoff)) === BootMode.rescue) {
      this.console.line("configuration: recovery mode goes by the defaults");
      return;
    }
    const problem = this.read(device, handoff);
    if (problem !== "") this.console.lineOf("configuration: the defaults hold: ", problem);
    else this.takeUp();
  }

  /** Reads the configuration into `settings`; what is wrong with it, or nothing. */
  private read(device: BlockDevice, handoff: Bytes): string {
    this.settings.reset();
    const isCopy = HANDOFF.fromRecoveryStore.get(handoff) !== 0;
    this.partitions.enumeratePartitions(device);
    const role = isCopy ? PartitionRole.recovery : PartitionRole.system;
    if (!this.partitions.openRole(device, role, this.region)) return "the partition is missing";
    const opened = this.store.open(this.region);
    if (!opened.ok) return storeErrorText(opened.error);
    const manifest = bytesOf(this.manifest);
    const found = this.store.readManifest(HANDOFF.manifestId.get(handoff), manifest);
    if (!found.ok) return storeErrorText(found.error);
    const index = findObject(manifest, ObjectKind.configuration);
    if (index < 0) return "";
    const text = this.store.readObject(objectAt(manifest, u32(index)), bytesOf(this.text));
    if (!text.ok) return storeErrorText(text.error);
    this.settings.read(text.value);
    return "";
  }

  private takeUp(): void {
    const settings = this.settings;
    if (settings.complaint !== "") {
      this.console.lineOf(
        "configuration: a value is not understood, its default holds: ",
        settings.complaint,
      );
    }
    this.log.setLevel(settings.logLevel);
    const isSound = this.watchdog.setPolicy(settings.watchdog);
    assert(isSound, "settings hold sound policies only");
    if (!settings.isWatchdogArmed) {
      this.watchdog.disarm();
      this.console.line("watchdog: off, as configured");
    }
  }
}
