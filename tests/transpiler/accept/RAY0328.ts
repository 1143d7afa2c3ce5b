class Node {
  value: u32 = 0;
}

function use(node: Node): u32 {
  return node.value;
}

/** What a round does, with an instance of its own. */
function round(by: u8): u32 {
  const node = new Node();
  node.value += by;
  return use(node);
}

export function main(): void {
  let sum: u32 = 0;
  const node = new Node();
  for (let i: u8 = 0; i < 3; i++) {
    node.value = i;
    sum += use(node) + round(i);
  }
  for (const once = new Node(); once.value < 2; once.value++) sum += use(once);
  assert(sum === 7);
}
