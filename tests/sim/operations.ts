/**
 * Operations: what a running RayOS does to its disk, through the real services. Each notes what it begins and what was acknowledged.
 */
import { BootMode } from "../../src/format/boot-reason.ts";
import { PartitionRole } from "../../src/format/partition-types.ts";
import { ROOT } from "../../src/format/store.ts";
import { BootSettings } from "../../src/service/boot-settings.ts";
import { InstallationStage, stageName } from "../../src/service/installation-progress.ts";
import { InstallerState } from "../../src/service/installer.ts";
import { UpdateState } from "../../src/service/release-update.ts";
import { SettingChanges } from "../../src/service/setting-changes.ts";
import { configured } from "./configured.ts";
import { Fact } from "./journal.ts";
import {
  appendMark,
  attempt,
  disk,
  endBoot,
  flushMarks,
  handoff,
  installationId,
  installationWriter,
  installer,
  log,
  look,
  note,
  parts,
  partitions,
  powerOn,
  recovery,
  release,
  room,
  run,
  stateRegion,
  update,
  writeMark,
} from "./machine.ts";
import { INSTALLED_VERSION, UPDATED_AGAIN_VERSION, UPDATED_VERSION } from "./release.ts";

/** The number that stands for no operation, behind those of the first seven. */
export const NONE = 7;
/** One more than the highest number. */
export const OPERATIONS = 9;
const GROUP = 5;
const INSTALLER_STEPS = 4000;
const UPDATE_STEPS = 400;

export const enum Operation {
  append = 0,
  rotate = 1,
  /** A restart: the stages of the next boot up to golden, or of recovery mode up to its shell. */
  mark = 2,
  snapshot = 3,
  restore = 4,
  update = 5,
  install = 6,
  none = 7,
  /** A change of the settings. */
  configure = 8,
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
    case 5:
      return Operation.update;
    case 6:
      return Operation.install;
    case 8:
      return Operation.configure;
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
const settings = new BootSettings();
const changes = new SettingChanges();

/** Does it; whether the services said that it is done. */
export function operate(operation: Operation): boolean {
  switch (operation) {
    case Operation.append:
      return append();
    case Operation.rotate:
      return rotate();
    case Operation.mark:
      return restart();
    case Operation.snapshot:
      return keepSnapshot();
    case Operation.restore:
      return restore();
    case Operation.update:
      return updateRelease();
    case Operation.install:
      return install();
    case Operation.configure:
      return configure();
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

function rotate(): boolean {
  note(Fact.rotationBegins, 0);
  if (!log.rotate().ok) return false;
  note(Fact.rotation, 0);
  return true;
}

function restart(): boolean {
  endBoot();
  powerOn();
  if (!look() || !handoff.hasChoice) return false;
  attempt();
  return run() || handoff.mode === BootMode.rescue;
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
  let wanted: u32 = current === restoreTargets.first ? restoreTargets.second : restoreTargets.first;
  // What was just installed has nothing but itself.
  if (room.installs > 0) wanted = current;
  if (recovery.aim(wanted) !== "") return false;
  // What comes back from the recovery partition is known good, and the newest of those from then on.
  const isCopy = recovery.target.fromRecovery;
  note(Fact.currentBegins, wanted);
  if (isCopy) note(Fact.keepingBegins, wanted);
  if (recovery.restore(parts.unixSeconds()) !== "") return false;
  note(Fact.current, wanted);
  if (isCopy) note(Fact.keeping, wanted);
  note(Fact.mended, wanted);
  return true;
}

/** The boot menu's time-out becomes another one. */
function configure(): boolean {
  if (recovery.open() !== "") return false;
  const store = recovery.system;
  const manifestId = ROOT.nextManifestId.get(store.root());
  changes.putMenuSeconds(configured.nextSeconds());
  if (!configured.expect(store, changes.lines())) return false;
  note(Fact.settingsBegin, manifestId);
  if (!settings.change(store, changes.lines(), parts.unixSeconds()).ok) return false;
  note(Fact.settings, manifestId);
  return true;
}

/** From a stick, beside what is installed. What is there already gets one that is newer still. */
function updateRelease(): boolean {
  if (recovery.open() !== "") return false;
  release.make(UPDATED_VERSION);
  if (!update.aim(0)) {
    release.make(UPDATED_AGAIN_VERSION);
    if (!update.aim(0)) return false;
  }
  const version = release.versionNumber();
  const manifestId = ROOT.nextManifestId.get(recovery.system.root());
  note(Fact.currentBegins, manifestId);
  note(Fact.bootFilesBegin, version);
  update.begin();
  let state: UpdateState = UpdateState.working;
  for (let i: u32 = 0; i < UPDATE_STEPS && state === UpdateState.working; i++) state = update.step();
  // One that does not read gives way to that of the release, and that is said.
  if (!update.keepsConfiguration()) room.mayReplaceConfiguration = true;
  if (state !== UpdateState.done) return false;
  note(Fact.bootFiles, version);
  note(Fact.current, manifestId);
  return true;
}

/** From a stick, over all of the disk; then the first boot of what was installed. */
function install(): boolean {
  if (!installOnly()) return false;
  room.installs++;
  installationId(room.installs).copyFrom(installationWriter.installationId());
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
  let isKept: boolean = false;
  for (let i: u32 = 0; i < INSTALLER_STEPS && state === InstallerState.working; i++) {
    state = installer.step();
    if (!isKept && isRecordKept()) {
      note(Fact.installKept, 0);
      isKept = true;
    }
  }
  if (state !== InstallerState.done) return false;
  partitions.enumeratePartitions(disk);
  if (!partitions.openRole(disk, PartitionRole.state, stateRegion)) return false;
  note(Fact.install, 1);
  return true;
}

/** Whether the installer is past the stage that makes its record durable. */
function isRecordKept(): boolean {
  const stage = installer.stageText();
  return (
    stage !== stageName(InstallationStage.checkRelease) && stage !== stageName(InstallationStage.saveTable)
  );
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
    case Operation.update:
      return "update";
    case Operation.install:
      return "install";
    case Operation.configure:
      return "configure";
    case Operation.none:
      return "";
  }
}
