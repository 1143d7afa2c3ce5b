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

export function main(): void {
  const node = new Node();
  const bytes = new Uint8Array(4);
  kept = node; // error: RAY0303
  view = bytesOf(bytes); // error: RAY0303
  keep(node); // error: RAY0303
  assert(made() !== aliased());
}
