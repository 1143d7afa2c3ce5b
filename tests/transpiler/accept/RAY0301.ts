class Node {
  value: u32 = 0;
}

class Pool {
  readonly first = new Node();
  readonly nodes = fixedArray(4, () => new Node());
}

const pool = new Pool();
const alone = new Node();

function use(node: Node): u32 {
  return node.value;
}

export function main(): void {
  const local = new Node();
  let last: Node = pool.nodes[1];
  last = alone;
  assert(use(local) + use(last) + use(pool.first) === 0);
}
