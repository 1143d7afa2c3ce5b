const enum Kind {
  read = 1,
  write = 2,
  flush = 3,
}

class Read {
  readonly kind = Kind.read;
  count: u8 = 3;
}

class Write {
  readonly kind = Kind.write;
  value: u8 = 7;
}

class Flush {
  readonly kind = Kind.flush;
}

type Order = Read | Write | Flush;

let total: u32 = 0;

function run(order: Order): void {
  switch (order.kind) { // error: RAY0415
    case Kind.read:
      total += order.count;
      break;
    case Kind.flush:
      total = 0;
      break;
  }
}

function isLate(kind: Kind): boolean {
  switch (kind) { // error: RAY0415
    case Kind.flush:
      return true;
    case Kind.read:
      break;
  }
  return false;
}

function sectorBits(bytes: 512 | 1024 | 4096): u8 {
  let bits: u8 = 9;
  switch (bytes) { // error: RAY0415
    case 512:
    case 4096:
      bits = 12;
  }
  return bits;
}

function runOthers(order: Order | null): void {
  if (order === null || order.kind === Kind.flush) return;
  switch (order.kind) { // error: RAY0415
    case Kind.read:
      total += order.count;
  }
}

export function main(): void {
  const read = new Read();
  run(read);
  runOthers(read);
  assert(isLate(Kind.read) || sectorBits(4096) === 12);
}
