/**
 * Update decision: may the release that this boot brought take the place of an installed one, and what has to be asked first. Facts →
 * decision, no I/O.
 *
 * Invariants: what known good boots have passed (the version floor) is never gone below; the same bytes are not written again; an older
 * release, or other bytes under the same version, cost a separate question before both confirmations.
 */

export const enum UpdateRefusal {
  none = 0,
  /** This boot brought no release: it was not started from a stick. */
  noRelease = 1,
  /** The disk does not carry RayOS. */
  noInstallation = 2,
  readOnly = 3,
  /** The system store cannot be used; what is wrong with it is said beside. */
  damagedStore = 4,
  noEfiSystem = 5,
  /** The same release, byte for byte. */
  sameRelease = 6,
  belowFloor = 7,
  /** A table of the store is full. */
  noRoom = 8,
}

/** What is asked before the two confirmations. */
export const enum UpdateWarning {
  none = 0,
  /** The offered release is older than the installed one. */
  older = 1,
  /** The same version, but other bytes. */
  sameVersion = 2,
}

export class UpdateFacts {
  hasRelease: boolean = false;
  isInstalled: boolean = false;
  isReadOnly: boolean = false;
  storeOpens: boolean = false;
  hasEfiSystem: boolean = false;
  /** There is a place for another manifest. */
  hasRoom: boolean = false;
  /** 0 where the installed release cannot be read. */
  installedVersion: u32 = 0;
  offeredVersion: u32 = 0;
  versionFloor: u32 = 0;
  /** Every object of the offered release but its configuration is one of the installed release too. */
  isSameContent: boolean = false;
}

export class UpdateDecision {
  refusal: UpdateRefusal = UpdateRefusal.none;
  warning: UpdateWarning = UpdateWarning.none;
}

/** Decides. On a refusal the warning says nothing. */
export function decideUpdate(facts: UpdateFacts, into: UpdateDecision): void {
  into.warning = UpdateWarning.none;
  into.refusal = refusalOf(facts);
  if (into.refusal !== UpdateRefusal.none) return;
  if (facts.offeredVersion < facts.installedVersion) into.warning = UpdateWarning.older;
  else if (facts.offeredVersion === facts.installedVersion) into.warning = UpdateWarning.sameVersion;
}

function refusalOf(facts: UpdateFacts): UpdateRefusal {
  if (!facts.hasRelease) return UpdateRefusal.noRelease;
  if (!facts.isInstalled) return UpdateRefusal.noInstallation;
  if (facts.isReadOnly) return UpdateRefusal.readOnly;
  if (!facts.storeOpens) return UpdateRefusal.damagedStore;
  if (!facts.hasEfiSystem) return UpdateRefusal.noEfiSystem;
  if (facts.isSameContent && facts.offeredVersion === facts.installedVersion)
    return UpdateRefusal.sameRelease;
  if (facts.offeredVersion < facts.versionFloor) return UpdateRefusal.belowFloor;
  return facts.hasRoom ? UpdateRefusal.none : UpdateRefusal.noRoom;
}

/** The reason for markers. */
export function updateRefusalName(refusal: UpdateRefusal): string {
  switch (refusal) {
    case UpdateRefusal.none:
      return "none";
    case UpdateRefusal.noRelease:
      return "no-release-in-memory";
    case UpdateRefusal.noInstallation:
      return "no-installation";
    case UpdateRefusal.readOnly:
      return "disk-is-read-only";
    case UpdateRefusal.damagedStore:
      return "damaged-store";
    case UpdateRefusal.noEfiSystem:
      return "no-efi-system-partition";
    case UpdateRefusal.sameRelease:
      return "same-release";
    case UpdateRefusal.belowFloor:
      return "below-version-floor";
    case UpdateRefusal.noRoom:
      return "table-full";
  }
}

/** The sentence for the user. */
export function updateRefusalText(refusal: UpdateRefusal): string {
  switch (refusal) {
    case UpdateRefusal.none:
      return "the update is possible";
    case UpdateRefusal.noRelease:
      return "this boot brought no release: start the machine from a stick with the newer one";
    case UpdateRefusal.noInstallation:
      return "there is no installation of RayOS on this disk";
    case UpdateRefusal.readOnly:
      return "the disk cannot be written";
    case UpdateRefusal.damagedStore:
      return "the system store cannot be used";
    case UpdateRefusal.noEfiSystem:
      return "the disk has no EFI system partition of RayOS";
    case UpdateRefusal.sameRelease:
      return "this release is installed already, byte for byte";
    case UpdateRefusal.belowFloor:
      return "this release is older than one that has proved itself there; recovery restore goes back to a release that is kept";
    case UpdateRefusal.noRoom:
      return "the system store has no place for another release: unneeded snapshots fill it";
  }
}
