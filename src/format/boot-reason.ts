/**
 * BootReason: why the boot manager starts what it starts, and BootMode: how much of it is started.
 *
 * The numbers stand in handoffs and in state records on disks: they are never reused for another meaning.
 */

export const enum BootReason {
  /** The entry that the configuration names. */
  default = 0,
  /** Somebody chose it in the menu. */
  menu = 1,
  /** Asked for once: `BootNext`, or a snapshot on trial. */
  once = 2,
  /** Three consecutive boots failed: the last known good. */
  failures = 3,
  /** The entry before it did not match its checksum. */
  corrupt = 4,
  /** The user asked for recovery. */
  recovery = 5,
  /** The current release is older than the version floor allows. */
  belowFloor = 6,
  /** The store names no current release. */
  missing = 7,
}

export const enum BootMode {
  normal = 0,
  /** Starts nothing optional: no guest, no display driver beyond the frame buffer. */
  rescue = 1,
}

/** The word for a reason in markers and messages. */
export function bootReasonName(reason: BootReason): string {
  switch (reason) {
    case BootReason.default:
      return "default";
    case BootReason.menu:
      return "menu";
    case BootReason.once:
      return "once";
    case BootReason.failures:
      return "three-failures";
    case BootReason.corrupt:
      return "checksum-mismatch";
    case BootReason.recovery:
      return "recovery";
    case BootReason.belowFloor:
      return "below-version-floor";
    case BootReason.missing:
      return "no-current-release";
  }
}

/** A reason as it stood in a record, or `default` for a number that this version does not know. */
export function bootReasonFrom(value: u8): BootReason {
  switch (value) {
    case 1:
      return BootReason.menu;
    case 2:
      return BootReason.once;
    case 3:
      return BootReason.failures;
    case 4:
      return BootReason.corrupt;
    case 5:
      return BootReason.recovery;
    case 6:
      return BootReason.belowFloor;
    case 7:
      return BootReason.missing;
    default:
      return BootReason.default;
  }
}

/** A mode as it stood in a record, or `normal` for a number that this version does not know. */
export function bootModeFrom(value: u8): BootMode {
  return value === 1 ? BootMode.rescue : BootMode.normal;
}
