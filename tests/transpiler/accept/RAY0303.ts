class Node {
  value: u32 = 0;
}

const place = new Node();
let kept: Node | null = null;

function keep(node: Node): void {
  kept = node;
}

function fill(node: Node): Node {
  node.value = 3;
  return node;
}

function value(): u32 {
  const node = new Node();
  const bytes = new Uint8Array(4);
  bytesOf(bytes).fill(2);
  return fill(node).value + bytes[1];
}

class Reader {
  constructor(private readonly bytes: Bytes) {}
  whole(): Bytes {
    return this.bytes;
  }
}

/** The reader ends here; what it shows is the caller's. */
function through(bytes: Bytes): Bytes {
  const reader = new Reader(bytes);
  return reader.whole();
}

function sumOf(): u32 {
  let sum: u32 = 0;
  if (kept === null) {
    const node = new Node();
    const same = node;
    same.value = 3;
    sum += node.value;
  }
  return sum;
}

export function main(): void {
  const room = new Uint8Array(4);
  room[3] = 9;
  assert(through(bytesOf(room)).u8(3) === 9 && sumOf() === 3);
  keep(place);
  assert(value() === 5 && kept !== null);
}
