// Construction: module-level instances whose constructors calculate, refer to their own parts, and stand in each other.

import { number, word } from "./support/output.ts";

class Room {
  readonly bytes = new Uint8Array(16);
  used: u32 = 2;
}

class Viewer {
  constructor(readonly bytes: Bytes) {}
}

class Holder {
  readonly room = new Room();
  readonly view: Bytes = bytesOf(this.room.bytes);
  readonly viewer = new Viewer(this.view);
  readonly same: Room = this.room;
}

class Outer {
  readonly holder = new Holder();
  readonly list = fixedArray(3, () => new Holder());
}

const outer = new Outer();
const holders = fixedArray(2, () => new Holder());

class Sum {
  total: u32 = 0;
  before: u32 = 0;
  label: string = "sum";

  constructor(
    readonly start: u32,
    more: u32,
  ) {
    this.total = start + more;
    this.before = this.total;
    this.total = this.before * 2;
  }
}

const sum = new Sum(3, 4);
const large = fixedArray(100, () => new Sum(1, 1));

class Entry {
  size: u32 = 0;

  constructor(
    readonly name: string,
    length: u8,
  ) {
    this.size = length * 10;
  }
}

const ENTRIES: readonly Entry[] = [new Entry("first", 1), new Entry("second", 2)];

class Plain {
  constructor(readonly name: string) {}
}

const PLAIN: readonly Plain[] = [new Plain("one"), new Plain("two")];

class Uses {
  constructor(
    readonly other: Sum,
    scale: u8,
  ) {
    this.scaled = u32(other.start * scale);
  }
  scaled: u32 = 0;
}

const uses = new Uses(sum, 9);

export function ownParts(): void {
  outer.holder.viewer.bytes.setU8(3, 7);
  outer.list[2].view.setU8(4, 8);
  holders[1].same.used = 11;
  number(outer.holder.room.bytes[3]);
  number(outer.list[2].room.bytes[4]);
  number(outer.list[1].room.bytes[4]);
  number(holders[1].room.used);
  number(holders[0].room.used);
}

export function calculated(): void {
  number(sum.total);
  number(sum.before);
  number(large[99].total);
  number(uses.scaled);
  word(sum.label);
}

export function tables(): void {
  for (const entry of ENTRIES) {
    word(entry.name);
    number(entry.size);
  }
  for (const plain of PLAIN) word(plain.name);
}

export function locals(): void {
  const local = new Holder();
  local.viewer.bytes.setU8(0, 5);
  number(local.same.bytes[0]);
  const one = new Sum(5, 6);
  number(one.total);
}
