/**
 * BlockDevice: a disk, whatever carries it.
 *
 * Fulfilled by every disk driver of the kernel, by the firmware's Block I/O in the boot manager, by a file in Node and by
 * the simulated disk of the tests. A call is complete when it returns: `write` says that the device took the data, `flush`
 * that all data taken before is durable. Buffers hold a whole number of sectors (else `misaligned`).
 */

export const enum IoError {
  /** Never returned: the value of a slot that holds no error. */
  none = 0,
  /** The device did not answer within its deadline. */
  timeout = 1,
  /** The device reports that it could not read or write the medium. */
  medium = 2,
  /** The device is gone, or answers with nonsense. */
  device = 3,
  /** Sectors beyond the end of the disk. */
  outOfRange = 4,
  /** The medium cannot be written. */
  readOnly = 5,
  /** The buffer is not a whole number of sectors. */
  misaligned = 6,
}

export const enum DiskBus {
  unknown = 0,
  nvme = 1,
  sata = 2,
  virtio = 3,
  usb = 4,
  file = 5,
}

/** Who a disk says it is. Text is ASCII, trimmed, as the device gives it. */
export class DiskIdentity {
  bus: DiskBus = DiskBus.unknown;
  modelLength: u8 = 0;
  serialLength: u8 = 0;
  readonly model = new Uint8Array(40);
  readonly serial = new Uint8Array(40);
}

export interface BlockDevice {
  /** 512 or 4096. */
  sectorBytes(): u32;
  sectorCount(): u64;
  isReadOnly(): boolean;
  identify(into: DiskIdentity): void;
  /** Fills `target` from the sectors that start at `lba`. */
  read(lba: u64, target: Bytes): Result<void, IoError>;
  /** Hands `source` to the device for the sectors that start at `lba`. Durable only after `flush`. */
  write(lba: u64, source: Bytes): Result<void, IoError>;
  /** Makes every write that returned before durable. */
  flush(): Result<void, IoError>;
}

/** The word for an error in messages and markers. */
export function ioErrorName(error: IoError): string {
  switch (error) {
    case IoError.none:
      return "none";
    case IoError.timeout:
      return "timeout";
    case IoError.medium:
      return "medium-error";
    case IoError.device:
      return "device-fault";
    case IoError.outOfRange:
      return "out-of-range";
    case IoError.readOnly:
      return "read-only";
    case IoError.misaligned:
      return "misaligned";
  }
}
