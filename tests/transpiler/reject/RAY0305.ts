class Node { // error: RAY0305
  value: u32; // error: TS2564
}

export function main(): void {
  const node = new Node();
  assert(node.value === 0);
}
