import { CMOS_TIME_BYTES, unixFromCmos } from "../../../src/format/cmos-time.ts";
import { equalBig, test } from "../harness.ts";

const registers = new Uint8Array(CMOS_TIME_BYTES);
const BCD_24_HOURS = 0x02;
const BINARY_24_HOURS = 0x06;
const BCD_12_HOURS = 0x00;

export function main(): void {
  test("BCD and 24 hours, with a century");
  show(0x45, 0x30, 0x14, 0x06, 0x01, 0x26, 0x20);
  equalBig(unixFromCmos(bytesOf(registers), BCD_24_HOURS), 1767709845n);

  test("binary");
  show(45, 30, 14, 6, 1, 26, 20);
  equalBig(unixFromCmos(bytesOf(registers), BINARY_24_HOURS), 1767709845n);

  test("12 hours: noon, midnight and the afternoon");
  show(0x00, 0x00, 0x12, 0x01, 0x01, 0x70, 0x19);
  equalBig(unixFromCmos(bytesOf(registers), BCD_12_HOURS), 0n);
  show(0x00, 0x00, 0x92, 0x01, 0x01, 0x70, 0x19);
  equalBig(unixFromCmos(bytesOf(registers), BCD_12_HOURS), 43200n);
  show(0x00, 0x00, 0x81, 0x01, 0x01, 0x70, 0x19);
  equalBig(unixFromCmos(bytesOf(registers), BCD_12_HOURS), 46800n);

  test("without a century 80 is 1980 and 79 is 2079");
  show(0x00, 0x00, 0x00, 0x01, 0x01, 0x80, 0x00);
  equalBig(unixFromCmos(bytesOf(registers), BCD_24_HOURS), 315532800n);
  show(0x00, 0x00, 0x00, 0x01, 0x01, 0x79, 0x00);
  equalBig(unixFromCmos(bytesOf(registers), BCD_24_HOURS), 3439756800n);

  test("29 February only in leap years");
  show(0x00, 0x00, 0x00, 0x29, 0x02, 0x24, 0x20);
  equalBig(unixFromCmos(bytesOf(registers), BCD_24_HOURS), 1709164800n);
  show(0x00, 0x00, 0x00, 0x29, 0x02, 0x23, 0x20);
  equalBig(unixFromCmos(bytesOf(registers), BCD_24_HOURS), 0n);

  test("what is no BCD, no date or a dead clock is no time");
  show(0x5a, 0x00, 0x00, 0x01, 0x01, 0x26, 0x20);
  equalBig(unixFromCmos(bytesOf(registers), BCD_24_HOURS), 0n);
  show(0x00, 0x00, 0x24, 0x01, 0x01, 0x26, 0x20);
  equalBig(unixFromCmos(bytesOf(registers), BCD_24_HOURS), 0n);
  show(0x00, 0x00, 0x00, 0x00, 0x00, 0x26, 0x20);
  equalBig(unixFromCmos(bytesOf(registers), BCD_24_HOURS), 0n);
  bytesOf(registers).fill(0xff);
  equalBig(unixFromCmos(bytesOf(registers), BCD_24_HOURS), 0n);
  equalBig(unixFromCmos(bytesOf(registers), BINARY_24_HOURS), 0n);
  bytesOf(registers).fill(0);
  equalBig(unixFromCmos(bytesOf(registers), BCD_24_HOURS), 0n);
}

function show(second: u8, minute: u8, hour: u8, day: u8, month: u8, year: u8, century: u8): void {
  registers[0] = second;
  registers[1] = minute;
  registers[2] = hour;
  registers[3] = day;
  registers[4] = month;
  registers[5] = year;
  registers[6] = century;
}
