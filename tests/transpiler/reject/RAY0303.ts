class Node {
  value: u32 = 0;
}

let kept: Node | null = null;
let view: Bytes = utf8("");

function keep(node: Node): void {
  kept = node;
}

function made(): Node {
  const node = new Node();
  return node; // error: RAY0303
}

function aliased(): Node {
  const node = new Node();
  const other = node;
  return other; // error: RAY0303
}

class Cursor {
  view: Bytes = utf8("");
  constructor(private readonly bytes: Bytes) {}
  whole(): Bytes {
    return this.bytes;
  }
  give(to: Cursor): void {
    to.view = this.bytes;
  }
}

interface Sink {
  put(bytes: Bytes): void;
}

class Keeper implements Sink {
  put(bytes: Bytes): void {
    view = bytes;
  }
}

const keeper = new Keeper();
const cursor = new Cursor(utf8(""));

function handedOut(): Bytes {
  const room = new Uint8Array(8);
  const reader = new Cursor(bytesOf(room));
  return reader.whole(); // error: RAY0303
}

function loaded(): Bytes {
  const room = new Uint8Array(8);
  const reader = new Cursor(utf8(""));
  reader.view = bytesOf(room);
  return reader.view; // error: RAY0303
}

function passedOn(): void {
  const room = new Uint8Array(8);
  const reader = new Cursor(bytesOf(room));
  reader.give(cursor); // error: RAY0303
}

function byFunctionValue(keepIt: (node: Node) => void): void {
  const node = new Node();
  keepIt(node); // error: RAY0303
}

function byInterface(sink: Sink): void {
  const room = new Uint8Array(8);
  sink.put(bytesOf(room)); // error: RAY0303
}

function byCopy(): void {
  const room = new Uint8Array(8);
  const reader = new Cursor(bytesOf(room));
  copy(cursor, reader); // error: RAY0303
}

/** In JavaScript the instance outlives its block; in C its place does not. */
function lastOf(): u32 {
  let last: Node | null = null;
  if (kept === null) {
    const node = new Node();
    node.value = 3;
    last = node; // error: RAY0303
  }
  return last === null ? 0 : last.value;
}

function outOfBlock(): u8 {
  let bytes: Bytes = utf8("");
  if (bytes.length === 0) {
    const room = new Uint8Array(8);
    bytes = bytesOf(room); // error: RAY0303
  }
  return bytes.u8(0);
}

export function main(): void {
  passedOn();
  byFunctionValue(keep);
  byInterface(keeper);
  byCopy();
  assert(handedOut().length + loaded().length + lastOf() + outOfBlock() === 0);
  const node = new Node();
  const bytes = new Uint8Array(4);
  kept = node; // error: RAY0303
  view = bytesOf(bytes); // error: RAY0303
  keep(node); // error: RAY0303
  assert(made() !== aliased());
}

class Holding {
  count: u32 = 0;
  last: Holding | null = null;
}

const holding = new Holding();

function once(work: (round: u32) => void): void {
  work(1);
}

function chosen(make: (round: u32) => Holding): Holding {
  return make(1); // error: RAY0303
}

// prettier-ignore
export function through(): void {
  const local = new Holding();
  once((round) => {
    local.count = round;
    holding.last = local; // error: RAY0303
  });
  const other = chosen((round) => { // error: RAY0303
    const inner = new Holding();
    inner.count = round + local.count;
    return inner; // error: RAY0303
  });
  other.count++;
}
