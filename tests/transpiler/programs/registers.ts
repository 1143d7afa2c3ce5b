// Registers: a layout over a block that a test answers. Each access has the width of its field and stands where it is written.

import { big, number, word } from "./support/output.ts";

const DEVICE = layout(32, {
  capabilities: le64(0),
  control: le32(8),
  status: le16(12),
  flags: at8(14),
  reserved0: at8(15),
  queue: le64(16),
  reserved1: octets(24, 8),
});

/** Says each access before it answers. */
class Answers {
  private readonly memory = new Uint8Array(32);
  private ready: u16 = 0;

  read8(offset: u32): u8 {
    this.say("read8", offset);
    return bytesOf(this.memory).u8(offset);
  }

  read16(offset: u32): u16 {
    this.say("read16", offset);
    this.ready = (this.ready + 1) & 0xffff;
    return this.ready;
  }

  read32(offset: u32): u32 {
    this.say("read32", offset);
    return bytesOf(this.memory).u32le(offset);
  }

  read64(offset: u32): u64 {
    this.say("read64", offset);
    return bytesOf(this.memory).u64le(offset);
  }

  write8(offset: u32, value: u8): void {
    this.say("write8", offset);
    bytesOf(this.memory).setU8(offset, value);
  }

  write16(offset: u32, value: u16): void {
    this.say("write16", offset);
    bytesOf(this.memory).setU16le(offset, value);
  }

  write32(offset: u32, value: u32): void {
    this.say("write32", offset);
    bytesOf(this.memory).setU32le(offset, value);
  }

  write64(offset: u32, value: u64): void {
    this.say("write64", offset);
    bytesOf(this.memory).setU64le(offset, value);
  }

  private say(what: string, offset: u32): void {
    word(what);
    number(offset);
  }
}

class Driver {
  readonly registers = new Answers();

  start(): u16 {
    DEVICE.control.set(this.registers, 0x8000_0001);
    DEVICE.queue.set(this.registers, 0x1_0000_0002n);
    let rounds: u16 = 0;
    while (DEVICE.status.get(this.registers) < 3) rounds++;
    return rounds;
  }
}

const driver = new Driver();

export function widths(): void {
  number(driver.start());
  number(DEVICE.control.get(driver.registers));
  big(DEVICE.queue.get(driver.registers));
  DEVICE.flags.set(driver.registers, 0x81);
  number(DEVICE.flags.get(driver.registers));
}

/** A register is read each time, and nothing is read that the source does not read. */
export function order(): void {
  const { registers } = driver;
  number(DEVICE.status.get(registers) - DEVICE.status.get(registers));
  DEVICE.control.set(registers, (DEVICE.control.get(registers) | 4) >>> 0);
  const first = DEVICE.capabilities.get(registers);
  DEVICE.capabilities.set(registers, first);
  number(DEVICE.control.get(registers) + DEVICE.flags.get(registers) + DEVICE.reserved0.offset);
}

/** What a register takes is checked as what any place takes. */
export function narrowed(): void {
  let value: u32 = 255;
  DEVICE.flags.set(driver.registers, u8(value));
  value++;
  DEVICE.flags.set(driver.registers, u8(value));
}
