const enum Side {
  left,
  right,
}

class Node {
  next: Node | null = null;
  side: Side = Side.left;
  readonly pair: FixedArray<u32, 2> = fixedArray(2, () => 1);
}

class Row {
  readonly cells = fixedArray<u8, 4>(4, () => 0);
}

const grid = fixedArray(3, () => new Row());
const FIRST: readonly u32[] = [1];
const SECOND: readonly u32[] = [2, 3];
const LISTS: readonly (readonly u32[])[] = [FIRST, SECOND];

function take(value: Node): void {
  assert(value.next === null && value.side === Side.left && value.pair[1] === 1);
}

export function main(): void {
  const node = new Node();
  take(node);
  grid[1].cells[2] = 5;
  assert(grid[1].cells[2] + grid[2].cells[2] + LISTS[1][1] === 8);
}
