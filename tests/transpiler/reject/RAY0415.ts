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
}
