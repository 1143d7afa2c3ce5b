// Memory: Bytes of every width and order, slices, spans, layouts, typed arrays as parameters.

import { big, number, word, yes } from "./support/output.ts";

const HEADER = layout(40, {
  magic: le64(0),
  version: le32(8),
  kind: at8(12),
  reserved: octets(13, 1),
  port: be16(14),
  address: be32(16),
  serial: be64(20),
  small: le16(28),
  name: octets(30, 10),
});

class Store {
  readonly bytes = new Uint8Array(64);
  readonly words = new Uint16Array(5);
  readonly signed = new Int32Array(4);
  readonly wide = new BigUint64Array(3);
}

const store = new Store();
const alone = new Uint8Array(16);

function dump(bytes: Bytes): void {
  for (let i: u32 = 0; i < bytes.length; i++) number(bytes.u8(i));
}

export function accessors(): void {
  const bytes = bytesOf(store.bytes);
  bytes.setU8(0, 255);
  bytes.setU16le(1, 0x1234);
  bytes.setU16be(3, 0x1234);
  bytes.setU32le(5, 0xfedcba98);
  bytes.setU32be(9, 0xfedcba98);
  bytes.setU64le(13, 0xfedcba9876543210n);
  bytes.setU64be(21, 0xfedcba9876543210n);
  dump(bytes);
  number(bytes.u16le(20));
  number(bytes.u16be(20));
  number(bytes.u32le(20));
  number(bytes.u32be(20));
  big(bytes.u64le(20));
  big(bytes.u64be(20));
}

export function slices(): void {
  const bytes = bytesOf(alone);
  for (let i: u8 = 0; i < 16; i++) bytes.setU8(i, i);
  const part = bytes.slice(4, 8);
  part.setU8(0, 99);
  number(bytes.u8(4));
  number(part.length);
  part.slice(2, 4).fill(7);
  dump(bytes);
  bytes.slice(0, 8).copyFrom(bytes.slice(3, 8));
  dump(bytes);
  bytes.slice(2, 8).copyFrom(bytes.slice(0, 8));
  dump(bytes);
  yes(bytes.slice(0, 4).equals(bytes.slice(0, 4)));
  yes(bytes.slice(0, 4).equals(bytes.slice(1, 4)));
  yes(bytes.slice(0, 4).equals(bytes.slice(0, 3)));
  number(bytes.slice(16, 0).length);
  yes(utf8("abc").equals(utf8("abc")));
}

export function layouts(): void {
  const record = bytesOf(store.bytes).slice(8, HEADER.byteLength);
  HEADER.magic.set(record, 0x0102030405060708n);
  HEADER.version.set(record, 0xffffffff);
  HEADER.kind.set(record, 200);
  HEADER.port.set(record, 8080);
  HEADER.address.set(record, 0xc0a80001);
  HEADER.serial.set(record, 1n);
  HEADER.small.set(record, 65535);
  HEADER.name.of(record).slice(0, 3).copyFrom(utf8("ray"));
  dump(record);
  big(HEADER.magic.get(record));
  number(HEADER.version.get(record));
  number(HEADER.address.get(record) + HEADER.port.get(record));
  number(HEADER.name.offset + HEADER.name.byteLength);
  number(HEADER.small.offset);
}

function sum(values: Uint8Array): u32 {
  let total: u32 = 0;
  for (const value of values) total += value;
  return total;
}

function wider(values: Uint16Array, at: u32): u32 {
  values[at] = 65535;
  return values.length;
}

export function arrays(): void {
  number(sum(alone));
  alone.fill(3);
  number(sum(alone));
  number(sum(span(bytesOf(alone), 4, 5)));
  const row = span(bytesOf(store.bytes), 1, 6);
  for (let i: u32 = 0; i < row.length; i++) row[i] = (i * 50) & 0xff;
  dump(bytesOf(store.bytes));
  number(wider(store.words, 3));
  for (const one of store.words) number(one);
  store.signed[2] = -0x80000000;
  store.signed[3] = (0xffffffff + 0) | 0;
  for (const one of store.signed) number(one);
  store.wide[1] = 0xffffffffffffffffn;
  store.wide.fill(5n);
  for (const one of store.wide) big(one);
  let at: u32 = 0;
  while (at < store.words.length) {
    store.words[at] = (store.words[at] + at) & 0xffff;
    at++;
  }
  number(store.words[3] - store.words[4]);
}
