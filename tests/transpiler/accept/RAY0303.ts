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

export function main(): void {
  keep(place);
  assert(value() === 5 && kept !== null);
}
