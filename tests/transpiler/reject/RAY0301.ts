class Node {
  value: u32 = 0;
}

function make(): Node {
  return new Node(); // error: RAY0301
}

function use(node: Node): u32 {
  return node.value;
}

export function main(): void {
  let last: Node = new Node(); // error: RAY0301
  assert(make().value === 0);
  use(new Node()); // error: RAY0301
  use(last);
}
