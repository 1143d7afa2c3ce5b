const enum Side {
  left,
  right,
}

class Node {
  next: Node | null = null;
  side: Side = Side.left;
  readonly pair: FixedArray<u32, 2> = fixedArray(2, () => 1);
}

function take(value: Node): void {
  assert(value.next === null && value.side === Side.left && value.pair[1] === 1);
}

export function main(): void {
  const node = new Node();
  take(node);
}
