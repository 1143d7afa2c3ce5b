/**
 * The boot option: RayOS' own entry among the firmware's `Boot####` variables.
 *
 * An installed disk is found by the removable path in any case; the entry lets `efibootmgr` and the firmware's menu show and
 * order RayOS by name. Registered by the boot manager on its first start from a disk that is not a stick, since the kernel does without the
 * firmware. A firmware that refuses costs a warning.
 */
import { fromPartition, partitionGuid } from "../format/device-path.ts";
import { BOOT_NAME_BYTES, loadOptionPath, writeBootName, writeLoadOption } from "../format/load-option.ts";
import { bootMediumPath, keepVariable, readVariable } from "./firmware.ts";
import { FirmwareConsole } from "./firmware-console.ts";

const BOOT_MANAGER_PATH: string = "\\EFI\\rayos\\rayboot.efi";
const DESCRIPTION: string = "RayOS";
const ORDER_BYTES = 512;
const OPTION_BYTES = 1024;
/** Numbers that are tried for a new entry. */
const NUMBER_LIMIT = 0x200;
const MISSING = -1;
const NO_NUMBER = 0xffff;

class Option {
  readonly order = new Uint8Array(ORDER_BYTES);
  readonly bytes = new Uint8Array(OPTION_BYTES);
  readonly name = new Uint8Array(BOOT_NAME_BYTES);
}

const option = new Option();

/** Makes sure that there is an entry for the partition that the firmware read us from. */
export function registerBootOption(console: FirmwareConsole): void {
  const partition = fromPartition(bootMediumPath());
  if (partition.length === 0) return;
  const read = readVariable(utf8("BootOrder"), bytesOf(option.order));
  // Entries that do not fit are more than anybody has: nothing is changed then.
  if (read < MISSING || read > ORDER_BYTES - 2) return;
  const orderBytes: u32 = read < 0 ? 0 : u32(read - (read % 2));
  if (isRegistered(partition, orderBytes)) return;
  if (addOption(partition, orderBytes)) return;
  console.write(utf8("The firmware does not accept a boot entry for RayOS; the disk starts without one.\n"));
}

/** Whether an entry of the boot order names this partition. */
function isRegistered(partition: Bytes, orderBytes: u32): boolean {
  const ours = new Uint8Array(16);
  const theirs = new Uint8Array(16);
  if (!partitionGuid(partition, bytesOf(ours))) return true;
  for (let at: u32 = 0; at < orderBytes; at += 2) {
    const length = readOption(bytesOf(option.order).u16le(at));
    if (length <= 0) continue;
    const path = loadOptionPath(bytesOf(option.bytes).slice(0, u32(length)));
    // Firmware invents entries of its own for whole disks; those have no file, and no partition either.
    if (partitionGuid(path, bytesOf(theirs)) && bytesOf(ours).equals(bytesOf(theirs))) return true;
  }
  return false;
}

/** Writes the entry under a free number and puts it first. */
function addOption(partition: Bytes, orderBytes: u32): boolean {
  const number = freeNumber();
  if (number === NO_NUMBER) return false;
  const length = writeLoadOption(
    bytesOf(option.bytes),
    utf8(DESCRIPTION),
    partition,
    utf8(BOOT_MANAGER_PATH),
  );
  if (length === 0) return false;
  writeBootName(bytesOf(option.name), number);
  if (!keepVariable(bytesOf(option.name), bytesOf(option.bytes).slice(0, length))) return false;
  const order = bytesOf(option.order);
  order.slice(2, orderBytes).copyFrom(order.slice(0, orderBytes));
  order.setU16le(0, number);
  return keepVariable(utf8("BootOrder"), order.slice(0, orderBytes + 2));
}

function freeNumber(): u16 {
  for (let number: u16 = 0; number < NUMBER_LIMIT; number++) {
    if (readOption(number) === MISSING) return number;
  }
  return NO_NUMBER;
}

function readOption(number: u16): i32 {
  writeBootName(bytesOf(option.name), number);
  return readVariable(bytesOf(option.name), bytesOf(option.bytes));
}
