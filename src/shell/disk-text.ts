/** How disks, what is on them, and a plan for them are written: for `install --list-disks` and before an installation. */
import { BlockDevice, DiskIdentity } from "../device/block-device.ts";
import { MEBIBYTE } from "../policy/disk-layout.ts";
import { DiskContents, diskContentsText } from "../policy/target-validation.ts";
import { DiskRegistry } from "../service/disk-registry.ts";
import { InstallationTarget, plannedPartName } from "../service/installation-target.ts";
import { PartitionFacts, PartitionManager } from "../service/partition-manager.ts";
import { Output } from "./output.ts";

const NAME_COLUMN = 12;
const SIZE_COLUMN = 26;

class Scratch {
  readonly identity = new DiskIdentity();
}

const scratch = new Scratch();

/** `nvme0       16.0 GiB  QEMU NVMe Ctrl, serial RAY1` */
export function writeDiskHead(out: Output, disks: DiskRegistry, disk: u32): void {
  const identity = scratch.identity;
  disks.device(disk).identify(identity);
  out.bytes(disks.name(disk));
  out.tab(NAME_COLUMN);
  out.size(disks.sizeBytes(disk));
  out.tab(SIZE_COLUMN);
  writeIdentity(out, identity);
  if (disks.isBootDisk(disk)) out.text(" (boot disk)");
  if (disks.device(disk).isReadOnly()) out.text(" (read-only)");
  out.text("\n");
}

/** `QEMU NVMe Ctrl, serial RAY1` */
export function writeIdentity(out: Output, identity: DiskIdentity): void {
  if (identity.modelLength === 0) out.text("unknown model");
  else out.foreign(bytesOf(identity.model).slice(0, identity.modelLength));
  if (identity.serialLength === 0) {
    out.text(", no serial number");
    return;
  }
  out.text(", serial ");
  out.foreign(bytesOf(identity.serial).slice(0, identity.serialLength));
}

/** What stands on the disk `device`, whose table `partitions` holds. */
export function writeDiskContents(
  out: Output,
  device: BlockDevice,
  partitions: PartitionManager,
  contents: DiskContents,
  facts: PartitionFacts,
): void {
  out.text("    contents: ");
  out.text(diskContentsText(contents));
  if (partitions.hasTable()) out.text(damagedCopyText(device, partitions));
  out.text("\n");
  for (let slot: u32 = 0; slot < partitions.slotCount(); slot++) {
    if (!partitions.describe(slot, facts)) continue;
    out.text(`    ${facts.number}:`);
    out.tab(NAME_COLUMN);
    out.size(facts.sizeBytes);
    out.tab(SIZE_COLUMN);
    out.text(facts.kind);
    const name = bytesOf(facts.name).slice(0, facts.nameLength);
    if (name.length > 0 && !name.equals(utf8(facts.kind))) {
      out.text(", ");
      out.foreign(name);
    }
    out.text("\n");
  }
}

/** Which copy of the table cannot be used; nothing where both can. */
function damagedCopyText(device: BlockDevice, partitions: PartitionManager): string {
  if (partitions.usesBackup()) return " (the first copy of the table is damaged)";
  if (partitions.copiesAgree(device)) return "";
  return " (the second copy of the table is damaged or not at the end of the disk)";
}

/** The partitions that an installation would make. */
export function writePlan(out: Output, target: InstallationTarget): void {
  out.text(
    target.decision.intoFreeSpace
      ? "Plan, into free space; all partitions above stay:\n"
      : "Plan, for the whole disk:\n",
  );
  for (let i: u32 = 0; i < target.layout.partCount; i++) {
    const part = target.layout.parts[i];
    out.text("    new");
    out.tab(NAME_COLUMN);
    out.size(target.partBytes(part));
    out.tab(SIZE_COLUMN);
    out.text(plannedPartName(part));
    out.text(`, at ${(part.firstLba * BigInt(target.device().sectorBytes())) / MEBIBYTE} MiB\n`);
  }
}
