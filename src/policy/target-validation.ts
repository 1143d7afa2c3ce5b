/**
 * Target validation: may RayOS be installed onto this disk, and what has to be asked first. Facts → decision, no I/O.
 *
 * Invariants: the boot disk is never a target; what belongs to others is kept unless the user asked for the whole disk; whatever would
 * be lost (an installation of RayOS, or anything at all on a whole disk) costs a separate question before both confirmations.
 */

/** The least disk: 1 GiB. */
export const LEAST_TARGET_BYTES: u64 = 1073741824n;

/** What stands on a disk. */
export const enum DiskContents {
  /** No table, and its first sectors are zero. */
  blank = 0,
  /** A table without partitions. */
  emptyTable = 1,
  /** Partitions of RayOS and no others. */
  rayos = 2,
  /** Partitions of other systems. */
  others = 3,
  /** Partitions of RayOS beside others. */
  rayosBesideOthers = 4,
  /** An old MBR table with partitions. */
  legacy = 5,
  /** A GPT that is broken in both copies, or of a shape that RayOS does not handle. */
  damagedTable = 6,
  /** No table, but not zeros either: most likely a file system over all of it. */
  unknownData = 7,
  unreadable = 8,
  /** An installation of RayOS that was begun and not completed; nothing else. */
  unfinished = 9,
}

export const enum TargetRefusal {
  none = 0,
  bootDisk = 1,
  readOnly = 2,
  tooSmall = 3,
  unreadable = 4,
  /** It can only be taken as a whole, and that was not asked for. */
  needsWholeDisk = 5,
  /** The log of the running system is on it. */
  logDisk = 6,
}

/** What is asked before the two confirmations. */
export const enum TargetWarning {
  none = 0,
  /** An installation of RayOS is replaced. */
  replacesRayos = 1,
  /** Everything on the disk is lost. */
  erasesEverything = 2,
}

export class TargetFacts {
  isBootDisk: boolean = false;
  isLogDisk: boolean = false;
  isReadOnly: boolean = false;
  sizeBytes: u64 = 0n;
  contents: DiskContents = DiskContents.unreadable;
  wholeDiskAsked: boolean = false;
}

export class TargetDecision {
  refusal: TargetRefusal = TargetRefusal.none;
  warning: TargetWarning = TargetWarning.none;
  /** Into the space between others' partitions, which stay. */
  intoFreeSpace: boolean = false;
}

/** Decides. On a refusal nothing else in `into` counts. */
export function validateTarget(facts: TargetFacts, into: TargetDecision): void {
  into.warning = TargetWarning.none;
  into.intoFreeSpace = false;
  into.refusal = refusalOfDisk(facts);
  if (into.refusal !== TargetRefusal.none) return;
  switch (facts.contents) {
    case DiskContents.blank:
    case DiskContents.emptyTable:
    case DiskContents.unfinished:
      break;
    case DiskContents.rayos:
      into.warning = TargetWarning.replacesRayos;
      break;
    case DiskContents.others:
      if (facts.wholeDiskAsked) into.warning = TargetWarning.erasesEverything;
      else into.intoFreeSpace = true;
      break;
    case DiskContents.rayosBesideOthers:
    case DiskContents.legacy:
    case DiskContents.damagedTable:
    case DiskContents.unknownData:
      if (facts.wholeDiskAsked) into.warning = TargetWarning.erasesEverything;
      else into.refusal = TargetRefusal.needsWholeDisk;
      break;
    case DiskContents.unreadable:
      into.refusal = TargetRefusal.unreadable;
      break;
  }
}

function refusalOfDisk(facts: TargetFacts): TargetRefusal {
  if (facts.isBootDisk) return TargetRefusal.bootDisk;
  if (facts.isLogDisk) return TargetRefusal.logDisk;
  if (facts.isReadOnly) return TargetRefusal.readOnly;
  if (facts.sizeBytes < LEAST_TARGET_BYTES) return TargetRefusal.tooSmall;
  return TargetRefusal.none;
}

/** The words for what stands on a disk. */
export function diskContentsText(contents: DiskContents): string {
  switch (contents) {
    case DiskContents.blank:
      return "empty";
    case DiskContents.emptyTable:
      return "a partition table without partitions";
    case DiskContents.rayos:
      return "RayOS";
    case DiskContents.others:
      return "other systems";
    case DiskContents.rayosBesideOthers:
      return "RayOS beside other systems";
    case DiskContents.legacy:
      return "an MBR partition table of other systems";
    case DiskContents.damagedTable:
      return "a damaged partition table";
    case DiskContents.unknownData:
      return "data without a partition table";
    case DiskContents.unreadable:
      return "unreadable";
    case DiskContents.unfinished:
      return "an unfinished installation of RayOS";
  }
}

/** The reason for markers. */
export function targetRefusalName(refusal: TargetRefusal): string {
  switch (refusal) {
    case TargetRefusal.none:
      return "none";
    case TargetRefusal.bootDisk:
      return "target-is-boot-disk";
    case TargetRefusal.readOnly:
      return "target-is-read-only";
    case TargetRefusal.tooSmall:
      return "target-too-small";
    case TargetRefusal.unreadable:
      return "target-unreadable";
    case TargetRefusal.needsWholeDisk:
      return "target-holds-other-data";
    case TargetRefusal.logDisk:
      return "target-is-log-disk";
  }
}

/** The sentence for the user. */
export function targetRefusalText(refusal: TargetRefusal): string {
  switch (refusal) {
    case TargetRefusal.none:
      return "the disk is suitable";
    case TargetRefusal.bootDisk:
      return "the running system was booted from this disk";
    case TargetRefusal.readOnly:
      return "the disk cannot be written";
    case TargetRefusal.tooSmall:
      return "the disk is smaller than 1 GiB";
    case TargetRefusal.unreadable:
      return "the disk could not be read";
    case TargetRefusal.needsWholeDisk:
      return "RayOS can only be installed beside what is on this disk if that is a healthy GPT without RayOS; --whole-disk erases everything instead";
    case TargetRefusal.logDisk:
      return "the log of the running system is on this disk";
  }
}
