class Node {
  value: u32 = 0;
}

function find(): Node | null {
  return null;
}

export function main(): void {
  const nothing: Node | null = find();
  assert(nothing === null);
}
