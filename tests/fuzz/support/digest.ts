/**
 * Digest: one number for everything that a parser said about an input (FNV-1a, 32 bits).
 *
 * The native program and the checked JavaScript are compared by it, and a parser whose result nobody looks at could be
 * optimised away.
 */
import { TextWriter } from "../../../src/base/text-writer.ts";

const START = 0x811c9dc5;
const PRIME = 0x01000193;

export class Digest {
  private value: u32 = START;

  begin(): void {
    this.value = START;
  }

  result(): u32 {
    return this.value;
  }

  byte(value: u8): void {
    this.value = Math.imul(this.value ^ value, PRIME) >>> 0;
  }

  flag(value: boolean): void {
    this.byte(value ? 1 : 0);
  }

  number(value: u32): void {
    this.value = Math.imul(this.value ^ (value & 0xffff), PRIME) >>> 0;
    this.value = Math.imul(this.value ^ (value >>> 16), PRIME) >>> 0;
  }

  big(value: u64): void {
    this.number(u32(Number(value & 0xffff_ffffn)));
    this.number(u32(Number(value >> 32n)));
  }

  bytes(bytes: Bytes): void {
    this.number(bytes.length);
    for (const byte of span(bytes, 0, bytes.length)) this.value = Math.imul(this.value ^ byte, PRIME) >>> 0;
  }

  text(text: string): void {
    this.bytes(utf8(text));
  }

  written(writer: TextWriter): void {
    this.bytes(writer.written());
  }
}
