/**
 * InstallerBoot: was this boot from USB, and in which mode (specification, section 2).
 *
 * Knows what the handoff says, nothing else: the medium is what the boot manager was loaded from. Made by the kernel's main.
 */
import { installerBootUsb, MARKER_BYTES } from "../base/markers.ts";
import { TextWriter } from "../base/text-writer.ts";
import { MarkerSink } from "../device/marker-sink.ts";
import { HANDOFF } from "../format/handoff.ts";
import { BootMode } from "../format/boot-reason.ts";

export class InstallerBoot {
  private isUsb: boolean = false;
  private isRescue: boolean = false;
  private readonly bootId = new Uint8Array(16);
  private readonly installation = new Uint8Array(16);
  private readonly disk = new Uint8Array(16);
  private readonly line = new Uint8Array(MARKER_BYTES);

  /** Takes what it needs of a handoff that was parsed. */
  create(handoff: Bytes): void {
    this.isUsb = HANDOFF.mediumIsUsb.get(handoff) !== 0;
    this.isRescue = HANDOFF.mode.get(handoff) === BootMode.rescue;
    bytesOf(this.bootId).copyFrom(HANDOFF.bootId.of(handoff));
    bytesOf(this.installation).copyFrom(HANDOFF.installationId.of(handoff));
    bytesOf(this.disk).copyFrom(HANDOFF.diskGuid.of(handoff));
  }

  /** Whether the boot medium hangs on USB; emits the marker if so. Asked once a boot. */
  detectUsbBoot(markers: MarkerSink): boolean {
    if (!this.isUsb) return false;
    const writer = new TextWriter(bytesOf(this.line));
    installerBootUsb(writer);
    markers.emit(writer.written());
    return true;
  }

  isRescueMode(): boolean {
    return this.isRescue;
  }

  /** Whether this boot has that id. */
  isBoot(bootId: Bytes): boolean {
    return bytesOf(this.bootId).equals(bootId);
  }

  /** The installation that runs. */
  installationId(): Bytes {
    return bytesOf(this.installation);
  }

  /** The GUID of the boot medium's partition table: how its disk is recognised. */
  diskGuid(): Bytes {
    return bytesOf(this.disk);
  }
}
