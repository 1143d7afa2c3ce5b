/**
 * Operations: what a running RayOS does to its disk, through the real services. Each notes what it begins and what was acknowledged.
 */
import { PartitionRole } from "../../src/format/partition-types.ts";
import { ROOT } from "../../src/format/store.ts";
import { InstallerState } from "../../src/service/installer.ts";
import { Fact } from "./journal.ts";
import {
  appendMark,
  attempt,
  disk,
  endBoot,
  flushMarks,
  handoff,
  installer,
  log,
  look,
  note,
  parts,
  partitions,
  powerOn,
  recovery,
  release,
  run,
  stateRegion,
  writeMark,
} from "./machine.ts";

export const OPERATIONS = 7;
/** A number that no operation has, so that the ids of states stay what they are when the update of a release gets it. */
export const RESERVED = 5;
const GROUP = 5;
const INSTALLER_STEPS = 4000;
/** What is installed over what is there. */
export const INSTALLED_VERSION = 9;

export const enum Operation {
  append = 0,
  rotate = 1,
  /** A restart: the stages of the next boot up to golden. */
  mark = 2,
  snapshot = 3,
  restore = 4,
  install = 6,
  none = 7,
}

export function operationFrom(number: u32): Operation {
  switch (number) {
    case 0:
      return Operation.append;
    case 1:
      return Operation.rotate;
    case 2:
      return Operation.mark;
    case 3:
      return Operation.snapshot;
    case 4:
      return Operation.restore;
    case 6:
      return Operation.install;
    default:
      return Operation.none;
  }
}

/** What `restore` goes back to: the first, or where that is the current one the second. */
export class RestoreTargets {
  first: u32 = 0;
  second: u32 = 0;
}

export const restoreTargets = new RestoreTargets();

/** Does it; whether the services said that it is done. */
export function operate(operation: Operation): boolean {
  switch (operation) {
    case Operation.append:
      return append();
    case Operation.rotate:
      return log.rotate().ok;
    case Operation.mark:
      return restart();
    case Operation.snapshot:
      return keepSnapshot();
    case Operation.restore:
      return restore();
    case Operation.install:
      return install();
    case Operation.none:
      return true;
  }
}

/** One entry by itself, then a group. */
function append(): boolean {
  const written = writeMark();
  for (let i: u32 = 0; i < GROUP; i++) appendMark();
  return flushMarks() && written;
}

function restart(): boolean {
  endBoot();
  powerOn();
  if (!look() || !handoff.hasChoice) return false;
  attempt();
  return run();
}

function keepSnapshot(): boolean {
  if (recovery.open() !== "") return false;
  note(Fact.snapshotBegins, ROOT.nextManifestId.get(recovery.system.root()));
  if (recovery.createSnapshot(utf8("sim"), parts.unixSeconds()) !== "") return false;
  note(Fact.snapshot, recovery.snapshotId);
  return true;
}

function restore(): boolean {
  if (recovery.open() !== "") return false;
  const current = ROOT.currentId.get(recovery.system.root());
  const wanted = current === restoreTargets.first ? restoreTargets.second : restoreTargets.first;
  if (recovery.aim(wanted) !== "") return false;
  note(Fact.currentBegins, wanted);
  if (recovery.restore(parts.unixSeconds()) !== "") return false;
  note(Fact.current, wanted);
  note(Fact.mended, wanted);
  return true;
}

/** From a stick, over all of the disk; then the first boot of what was installed. */
function install(): boolean {
  if (!installOnly()) return false;
  if (!look() || !handoff.hasChoice) return false;
  attempt();
  return run();
}

/** Without the boot behind it. */
export function installOnly(): boolean {
  powerOn();
  release.make(INSTALLED_VERSION);
  if (!installer.validateTarget(0, true)) return false;
  note(Fact.installBegins, 0);
  installer.begin();
  let state: InstallerState = InstallerState.working;
  for (let i: u32 = 0; i < INSTALLER_STEPS && state === InstallerState.working; i++) state = installer.step();
  if (state !== InstallerState.done) return false;
  partitions.enumeratePartitions(disk);
  if (!partitions.openRole(disk, PartitionRole.state, stateRegion)) return false;
  note(Fact.install, 1);
  return true;
}

export function operationName(operation: Operation): string {
  switch (operation) {
    case Operation.append:
      return "append";
    case Operation.rotate:
      return "rotate";
    case Operation.mark:
      return "mark";
    case Operation.snapshot:
      return "snapshot";
    case Operation.restore:
      return "restore";
    case Operation.install:
      return "install";
    case Operation.none:
      return "";
  }
}
