class Node {
  value: u32 = 0;
}

function use(node: Node): u32 {
  return node.value;
}

export function main(): void {
  let sum: u32 = 0;
  for (let i: u8 = 0; i < 3; i++) {
    const node = new Node(); // error: RAY0328
    sum += use(node);
  }
  while (sum < 3) {
    if (sum < 2) {
      const bytes = new Uint8Array(4); // error: RAY0328
      sum += bytes[0];
    }
    sum++;
  }
  do {
    const many = fixedArray(2, () => new Node()); // error: RAY0328
    sum += use(many[1]);
  } while (sum < 2);
  const list = new Uint8Array(2);
  for (const one of list) {
    const node = new Node(); // error: RAY0328
    sum += use(node) + one;
  }
}
