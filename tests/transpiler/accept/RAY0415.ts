class Read {
  readonly kind = "read";
  count: u8 = 3;
}

class Write {
  readonly kind = "write";
  value: u8 = 7;
}

class Flush {
  readonly kind = "flush";
}

type Order = Read | Write | Flush;

const read = new Read();
const write = new Write();
const flush = new Flush();

function costOf(order: Order): u8 {
  switch (order.kind) {
    case "read":
      return order.count;
    case "write":
      return order.value;
    case "flush":
      return 1;
  }
}

/** Nothing is left but two. */
function restOf(order: Order): u8 {
  if (order.kind === "read") return 0;
  switch (order.kind) {
    case "write":
      return order.value;
    case "flush":
      return 2;
  }
}

function isRead(order: Order): boolean {
  switch (order.kind) {
    case "read":
      return true;
    default:
      return false;
  }
}

export function main(): void {
  assert(costOf(read) + costOf(write) + costOf(flush) === 11);
  assert(restOf(read) + restOf(write) + restOf(flush) === 9);
  assert(isRead(read) && !isRead(flush));
}
