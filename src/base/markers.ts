/**
 * Every marker of RayOS, built in this one file: a marker literal anywhere else is an error.
 *
 * A function writes one marker, without its line end, into the caller's writer; whoever emits it (serial console and log)
 * adds the end. Tests and users' scripts match these lines, so they never change. A part that comes from outside (a
 * device's name, a reason) is written with everything but letters, digits and `- . /` replaced by `-`: a marker stays one line of
 * parts between colons, whatever a disk says its name is.
 */
import { TextWriter } from "./text-writer.ts";

/** Room for the longest marker: three parts from outside and the fixed text. */
export const MARKER_BYTES = 256;
/** A part from outside is cut off here. */
const PART_LIMIT = 64;
const DASH = 0x2d;

// Section 1: the presentation bridge.

export function presentationSurfaceCreate(out: TextWriter, id: u32, width: u32, height: u32): void {
  out.text(`RAYOS_PRESENTATION:SURFACE_CREATE:${id}:${width}x${height}`);
}

export function presentationFirstFrame(out: TextWriter, id: u32): void {
  out.text(`RAYOS_PRESENTATION:FIRST_FRAME:${id}`);
}

export function presentationPresented(out: TextWriter, id: u32): void {
  out.text(`RAYOS_PRESENTATION:PRESENTED:${id}`);
}

export function presentationHidden(out: TextWriter, id: u32): void {
  out.text(`RAYOS_PRESENTATION:HIDDEN:${id}`);
}

export function presentationDestroy(out: TextWriter, id: u32): void {
  out.text(`RAYOS_PRESENTATION:DESTROY:${id}`);
}

// Section 2: the installer. Sizes in bytes.

export function installerBootUsb(out: TextWriter): void {
  out.text("RAYOS_INSTALLER:BOOT:USB");
}

export function installerDiskDetected(out: TextWriter, device: Bytes, sizeBytes: u64): void {
  out.text("RAYOS_INSTALLER:DISK_DETECTED:");
  part(out, device);
  out.text(`:${sizeBytes}`);
}

export function installerPartitionCreated(out: TextWriter, id: u32, sizeBytes: u64): void {
  out.text(`RAYOS_INSTALLER:PARTITION_CREATED:${id}:${sizeBytes}`);
}

export function installerInstallBegin(out: TextWriter): void {
  out.text("RAYOS_INSTALLER:INSTALL_BEGIN");
}

export function installerInstallComplete(out: TextWriter, device: Bytes): void {
  out.text("RAYOS_INSTALLER:INSTALL_COMPLETE:");
  part(out, device);
}

export function installerInstallFailed(out: TextWriter, reason: Bytes): void {
  out.text("RAYOS_INSTALLER:INSTALL_FAILED:");
  part(out, reason);
}

// Section 3: the boot manager.

export function bootmgrDiscovered(out: TextWriter, installations: u32): void {
  out.text(`RAYOS_BOOTMGR:DISCOVERED:${installations}_installations`);
}

/** `installationId` is the GUID's text. */
export function bootmgrSelected(out: TextWriter, installationId: Bytes): void {
  out.text("RAYOS_BOOTMGR:SELECTED:");
  part(out, installationId);
}

export function bootmgrBootAttempt(out: TextWriter, tryNumber: u32, tryMaximum: u32): void {
  out.text(`RAYOS_BOOTMGR:BOOT_ATTEMPT:${tryNumber}/${tryMaximum}`);
}

export function bootmgrBootSuccess(out: TextWriter): void {
  out.text("RAYOS_BOOTMGR:BOOT_SUCCESS");
}

export function bootmgrRecoveryFallback(out: TextWriter, reason: Bytes): void {
  out.text("RAYOS_BOOTMGR:RECOVERY_FALLBACK:");
  part(out, reason);
}

// Section 4: log, watchdog, crash record.

export function logInit(out: TextWriter, backingDevice: Bytes, capacityBytes: u64): void {
  out.text("RAYOS_LOG:INIT:");
  part(out, backingDevice);
  out.text(`:${capacityBytes}`);
}

export function logWritten(out: TextWriter, entries: u32): void {
  out.text(`RAYOS_LOG:WRITTEN:${entries}_entries`);
}

export function logRotated(out: TextWriter, fileId: u32): void {
  out.text(`RAYOS_LOG:ROTATED:${fileId}`);
}

export function watchdogArmed(out: TextWriter, timeoutSeconds: u32): void {
  out.text(`RAYOS_WATCHDOG:ARMED:${timeoutSeconds}`);
}

export function watchdogKick(out: TextWriter, count: u64): void {
  out.text(`RAYOS_WATCHDOG:KICK:${count}`);
}

export function watchdogTimeout(out: TextWriter, hangReason: Bytes): void {
  out.text("RAYOS_WATCHDOG:TIMEOUT:");
  part(out, hangReason);
}

export function watchdogRebootRecovery(out: TextWriter): void {
  out.text("RAYOS_WATCHDOG:REBOOT_RECOVERY");
}

export function crashArtifactSaved(out: TextWriter, kind: Bytes): void {
  out.text("RAYOS_CRASH:ARTIFACT_SAVED:");
  part(out, kind);
}

// Section 5: boot markers.

export function bootMarkerKernelLoaded(out: TextWriter): void {
  out.text("RAYOS_BOOT_MARKER:KERNEL_LOADED");
}

export function bootMarkerSubsystemsReady(out: TextWriter): void {
  out.text("RAYOS_BOOT_MARKER:SUBSYSTEMS_READY");
}

export function bootMarkerShellReady(out: TextWriter): void {
  out.text("RAYOS_BOOT_MARKER:SHELL_READY");
}

export function bootMarkerGolden(out: TextWriter): void {
  out.text("RAYOS_BOOT_MARKER:GOLDEN");
}

export function bootMarkerFailureCount(out: TextWriter, failures: u32): void {
  out.text(`RAYOS_BOOT_MARKER:FAILURE_COUNT:${failures}`);
}

export function bootMarkerRecoveryTriggered(out: TextWriter): void {
  out.text("RAYOS_BOOT_MARKER:RECOVERY_TRIGGERED");
}

// Section 6: the moments of a boot, recovery and updates.

export function bootloaderStart(out: TextWriter): void {
  out.text("RAYOS_BOOTLOADER_START");
}

export function bootSelect(out: TextWriter, entry: Bytes, reason: Bytes): void {
  out.text("RAYOS_BOOT_SELECT:");
  part(out, entry);
  out.byte(0x3a);
  part(out, reason);
}

export function kernelStart(out: TextWriter): void {
  out.text("RAYOS_KERNEL_START");
}

export function ready(out: TextWriter): void {
  out.text("RAYOS_READY");
}

export function timeSync(out: TextWriter): void {
  out.text("RAYOS_TIME_SYNC");
}

export function recoveryEntered(out: TextWriter): void {
  out.text("RAYOS_RECOVERY_ENTERED");
}

/** `from` and `to` are the manifests' ids. */
export function rollback(out: TextWriter, from: u32, to: u32, reason: Bytes): void {
  out.text(`RAYOS_ROLLBACK:${from}:${to}:`);
  part(out, reason);
}

export function updateBegin(out: TextWriter, version: Bytes): void {
  out.text("RAYOS_UPDATE_BEGIN:");
  part(out, version);
}

export function updateOk(out: TextWriter, version: Bytes): void {
  out.text("RAYOS_UPDATE_OK:");
  part(out, version);
}

export function updateErr(out: TextWriter, version: Bytes, detail: Bytes): void {
  out.text("RAYOS_UPDATE_ERR:");
  part(out, version);
  out.byte(0x3a);
  part(out, detail);
}

export function linuxVmReady(out: TextWriter): void {
  out.text("RAYOS_LINUX_VM_READY");
}

/** A part from outside: what could end the part or the line becomes a dash, an empty part too. */
function part(out: TextWriter, text: Bytes): void {
  const length: u32 = text.length <= PART_LIMIT ? text.length : PART_LIMIT;
  if (length === 0) out.byte(DASH);
  for (let i: u32 = 0; i < length; i++) {
    const character = text.u8(i);
    out.byte(belongsInPart(character) ? character : DASH);
  }
}

function belongsInPart(character: u8): boolean {
  const letter = character | 0x20;
  if (letter >= 0x61 && letter <= 0x7a) return true;
  // The digits, and in front of them `- . /`.
  return character >= DASH && character <= 0x39;
}
