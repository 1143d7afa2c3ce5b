class Node {
  value: u32 = 1;
  readonly next = new Node(); // error: RAY0322
}

class Tree {
  readonly branches = new Branches();
}

class Branches {
  readonly list = fixedArray(2, () => new Tree()); // error: RAY0322
}

export function main(): void {
  const node = new Node();
  const tree = new Tree();
  assert(node.value === 1 && tree.branches.list.length === 2);
}
