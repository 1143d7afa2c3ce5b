// Helpers: functions that capture, given to functions that only call them.

import { number, word, yes } from "./support/output.ts";
import { eachBit, find, fold, limited, lowest } from "./support/walks.ts";

class Entry {
  id: u8 = 0;
  size: u32 = 0;
}

class Table {
  readonly entries = fixedArray(4, () => new Entry());
  total: u32 = 0;
  readonly step: u32 = 3;

  forEach(visit: (entry: Entry, index: u8) => void): void {
    for (let i: u8 = 0; i < 4; i++) visit(this.entries[i], i);
  }

  fill(by: u32): void {
    this.forEach((entry, index) => {
      entry.id = index + 1;
      entry.size = index * by;
      this.total += entry.size + this.step;
    });
  }

  some(accept: (entry: Entry) => boolean): boolean {
    let found = false;
    this.forEach((entry) => {
      if (found) return;
      found = accept(entry);
    });
    return found;
  }
}

const table = new Table();

export function sums(): void {
  let total: u32 = 0;
  eachBit(0b1001_0110, (index) => {
    total += index;
  });
  number(total);
  eachBit(5, (index) => (total = index));
  number(total);
  table.fill(10);
  number(table.total);
  table.forEach((entry) => {
    total += entry.size;
  });
  number(total);
}

export function results(): void {
  table.fill(7);
  const wanted: u8 = 3;
  const found = find(table.entries, (entry) => entry.id === wanted);
  yes(found !== null);
  number(found?.size ?? 99);
  yes(find(table.entries, (entry) => entry.id === wanted * 3) === null);
  const base: u32 = 100;
  number(fold(table.entries, base, (sum, entry): u32 => sum + entry.size + wanted));
  number(lowest(0b1_1000, (index) => index > wanted));
  number(lowest(0, (index) => index > wanted));
  yes(table.some((entry) => entry.size > base) || table.some((entry) => entry.id === wanted));
  number(lowest(6, (index) => index === wanted) + lowest(12, (index) => index === wanted));
}

/** What a name means is told by where it stands, not by where it is put. */
export function names(): void {
  const i: u32 = 40;
  let index: u32 = 2;
  let visit: u32 = 5;
  eachBit(3, (value) => {
    index += i + value;
    visit++;
    const bits = value + 1;
    eachBit(bits, (value) => {
      const i = value * 2;
      index += i;
    });
    index += value;
  });
  number(index);
  number(visit);
}

/** A helper that hands on what it was given, within a function of its own that captures too. */
function twice(bits: u32, visit: (index: u8) => void): void {
  const more = bits >>> 1;
  eachBit(bits, visit);
  eachBit(more, (index) => {
    if (index > more) return;
    visit(index);
  });
}

export function handedOn(): void {
  let count: u32 = 0;
  twice(11, (index) => {
    count = count * 3 + index;
    if (count > 20) return;
    count++;
  });
  number(count);
}

function pick(flag: boolean, yes: () => u32, no: () => u32): u32 {
  if (flag) return yes();
  return no();
}

function repeat(count: u8, work: (round: u8) => boolean): u8 {
  let round: u8 = 0;
  do {
    if (!work(round)) break;
    round++;
  } while (round < count);
  return round;
}

function both(left: () => boolean, right: () => boolean): boolean {
  return left() && right();
}

/** Operands are evaluated in order, and keep what they had. */
export function order(): void {
  let value: u32 = 5;
  const set = (): u32 => 7;
  number(
    value +
      pick(
        true,
        () => {
          value = 100;
          return 1;
        },
        () => value,
      ) +
      value,
  );
  value += pick(
    false,
    () => value,
    () => {
      value = 1000;
      return 3;
    },
  );
  number(value);
  const bytes = new Uint8Array(4);
  let at: u32 = 0;
  bytes[at] = lowest(6, (index) => {
    at = 3;
    return index === 2;
  });
  number(bytes[0]);
  number(bytes[3]);
  yes(
    both(
      () => {
        value = 1;
        return value > 1;
      },
      () => {
        value = 77;
        return true;
      },
    ),
  );
  number(value + set());
  const rounds = repeat(5, (round) => {
    value += round;
    return value < 6;
  });
  number(rounds);
  if (value > 3 && repeat(2, (round) => round < value) === 2) word("both");
}

/** What is known of a variable ends where a function that captures it may assign it. */
export function known(): void {
  const bytes = new Uint8Array(8);
  let at: u32 = 2;
  eachBit(0xff, (index) => {
    bytes[at] = index;
    at = (at + 3) & 7;
  });
  for (const one of bytes) number(one);
  let last: u32 = 0;
  yes(
    lowest(0xf0, (index) => {
      last = index;
      return index === 6;
    }) === 6 && last === 6,
  );
  number(bytes[last]);
}

export function trapsInGiven(): void {
  const bytes = new Uint8Array(4);
  let at: u32 = 2;
  eachBit(7, (index) => {
    bytes[at] = index;
    at++;
  });
}

export function trapsInHelper(): void {
  let count: u8 = 250;
  number(
    limited(3, (left) => {
      count++;
      return count === 253 ? 255 : left;
    }),
  );
}

export function trapsBehind(): void {
  const bytes = new Uint8Array(4);
  let at: u32 = 0;
  const seen = lowest(8, () => {
    at = 9;
    return true;
  });
  number(seen);
  bytes[at] = seen;
}

export function trapsOfArgument(): void {
  let large: u32 = 300;
  number(
    limited(u8(large), (left) => {
      large = left;
      return 0;
    }),
  );
}

class Local {
  count: u32 = 0;
}

/** Structures of the stack are captured by reference, and do not leave. */
export function structures(): void {
  const local = new Local();
  eachBit(31, (index) => {
    const inner = new Local();
    inner.count = index;
    local.count += inner.count;
  });
  number(local.count);
  const one = find(table.entries, (entry) => {
    local.count++;
    return entry.id === 200;
  });
  yes(one === null);
  number(local.count);
}

/** Within a function that is a value itself. */
export function inValues(): void {
  const run = (bits: u32): u32 => {
    let sum: u32 = 0;
    eachBit(bits, (index) => {
      sum += index;
    });
    return sum;
  };
  number(run(0x30));
}

export function labels(): void {
  let count: u32 = 0;
  outer: for (let i: u32 = 0; i < 5; i++) {
    for (let j: u32 = 0; j < 5; j++) {
      if (j === 3) continue outer;
      if (i === 3) break outer;
      count += i * 10 + j;
    }
    count += 1000;
  }
  number(count);
  let round: u32 = 0;
  again: do {
    round++;
    while (true) {
      if (round < 3) continue again;
      break;
    }
    count++;
  } while (round < 5);
  number(count);
  block: {
    if (count > 3) break block;
    number(1);
  }
  a: b: for (const one of table.entries) {
    switch (one.id & 1) {
      case 0:
        continue b;
      default:
        if (one.size > 0) continue b;
        break a;
    }
  }
  each: for (const one of table.entries) {
    const id = one.id;
    number(
      lowest(0xff, (index) => {
        bits: for (let i: u8 = 0; i < 4; i++) {
          if (i === index) break bits;
          if (i > index + id) return false;
        }
        return index > id;
      }),
    );
    if (id > 2) break each;
  }
}
