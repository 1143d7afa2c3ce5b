/** The runtime services (UEFI 2.10, section 8): time of day, variables, reset. */
import { CalendarTime, secondsFromCalendar } from "../src/base/calendar.ts";
import { setGuid } from "../src/base/guid.ts";
import { utf16FromUtf8 } from "../src/base/utf16.ts";
import { addressOf, call2, call4, call5, Cell, load64 } from "./memory.ts";
import { BUFFER_TOO_SMALL, failed } from "./status.ts";
import { runtimeServices } from "./system-table.ts";

const RUNTIME_SERVICES = layout(136, {
  header: octets(0, 24),
  getTime: le64(24),
  setTime: le64(32),
  getWakeupTime: le64(40),
  setWakeupTime: le64(48),
  setVirtualAddressMap: le64(56),
  convertPointer: le64(64),
  getVariable: le64(72),
  getNextVariableName: le64(80),
  setVariable: le64(88),
  getNextHighMonotonicCount: le64(96),
  resetSystem: le64(104),
  updateCapsule: le64(112),
  queryCapsuleCapabilities: le64(120),
  queryVariableInfo: le64(128),
});

/** EFI_TIME (section 8.3). */
const TIME = layout(16, {
  year: le16(0),
  month: at8(2),
  day: at8(3),
  hour: at8(4),
  minute: at8(5),
  second: at8(6),
  pad1: at8(7),
  nanosecond: le32(8),
  /** Minutes from UTC, or `ZONE_UNSPECIFIED`. Signed. */
  timeZone: le16(12),
  daylight: at8(14),
  pad2: at8(15),
});

export const GLOBAL_VARIABLES: string = "8BE4DF61-93CA-11D2-AA0D-00E098032B8C";
/** What `bootctl status` reads. */
export const LOADER_VARIABLES: string = "4A67B082-0A4C-41CF-B6C7-440B29BB8C4F";

/** Non-volatile, readable at boot and at run time. */
export const VARIABLE_KEPT = 7n;
/** Until the next reset, readable at boot and at run time. */
export const VARIABLE_VOLATILE = 6n;

const NAME_BYTES = 128;
const SECONDS_PER_DAY = 86400n;

export const enum ResetKind {
  cold = 0,
  warm = 1,
  shutdown = 2,
}

/** Where the clock shows local time, this many minutes later it is UTC. */
const ZONE_UNSPECIFIED = 0x7ff;

/** Reads the clock: seconds since 1970, UTC; 0 where there is no clock, or one that shows nonsense. */
export function wallSeconds(): u64 {
  const raw = new Uint8Array(16);
  const time = bytesOf(raw);
  if (failed(call2(service(RUNTIME_SERVICES.getTime.offset), addressOf(time), 0n))) return 0n;
  const calendar = new CalendarTime();
  calendar.year = TIME.year.get(time);
  calendar.month = TIME.month.get(time);
  calendar.day = TIME.day.get(time);
  calendar.hour = TIME.hour.get(time);
  calendar.minute = TIME.minute.get(time);
  calendar.second = TIME.second.get(time);
  const zone = TIME.timeZone.get(time);
  const seconds = secondsFromCalendar(calendar);
  if (zone === ZONE_UNSPECIFIED || seconds < SECONDS_PER_DAY) return seconds;
  const minutes = zone >= 0x8000 ? zone - 0x10000 : zone;
  if (minutes < -1440 || minutes > 1440) return seconds;
  return u64(seconds + BigInt(minutes) * 60n);
}

/** No such variable, or none that can be read. */
export const VARIABLE_MISSING = -1;
/** There is one, but it does not fit. */
export const VARIABLE_TOO_LONG = -2;

/** Reads a variable to `into`: how many bytes it has, or one of the two above. */
export function getVariable(name: Bytes, vendor: string, into: Bytes): i32 {
  const wide = new Uint8Array(NAME_BYTES);
  const guid = new Uint8Array(16);
  const attributes = new Cell();
  const size = new Cell();
  setGuid(bytesOf(guid), vendor);
  utf16FromUtf8(name, bytesOf(wide).slice(0, NAME_BYTES - 2));
  size.set(BigInt(into.length));
  const status = call5(
    service(RUNTIME_SERVICES.getVariable.offset),
    addressOf(bytesOf(wide)),
    addressOf(bytesOf(guid)),
    attributes.address(),
    size.address(),
    addressOf(into),
  );
  if (status === BUFFER_TOO_SMALL) return VARIABLE_TOO_LONG;
  return failed(status) ? VARIABLE_MISSING : i32(Number(size.value()));
}

/** Sets a variable; the firmware's status. */
export function setVariable(name: Bytes, vendor: string, attributes: u64, value: Bytes): u64 {
  const wide = new Uint8Array(NAME_BYTES);
  const guid = new Uint8Array(16);
  setGuid(bytesOf(guid), vendor);
  utf16FromUtf8(name, bytesOf(wide).slice(0, NAME_BYTES - 2));
  return call5(
    service(RUNTIME_SERVICES.setVariable.offset),
    addressOf(bytesOf(wide)),
    addressOf(bytesOf(guid)),
    attributes,
    BigInt(value.length),
    addressOf(value),
  );
}

/** Ends the machine's run. Returns only if the firmware does not obey. */
export function resetSystem(kind: ResetKind): void {
  const number: u32 = kind;
  call4(service(RUNTIME_SERVICES.resetSystem.offset), BigInt(number), 0n, 0n, 0n);
}

function service(offset: u32): u64 {
  return load64(u64(runtimeServices() + BigInt(offset)));
}
