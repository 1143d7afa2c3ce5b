type Either = "left" | 4; // error: RAY0307

class Node {
  value: u32 | null = null; // error: RAY0307
  side: Either = 4;
  readonly pair: [u32, u32] = [1, 2]; // error: RAY0307
}

const grid = fixedArray(3, () => fixedArray<u8, 4>(4, () => 0)); // error: RAY0307
const rows = fixedArray(3, () => new Uint8Array(4)); // error: RAY0307
const LISTS: readonly (readonly u32[])[] = [[1], [2]]; // error: RAY0307

function take(value: unknown): void { // error: RAY0307
  assert(value !== null);
}

class Cell<T> {
  uses: u32 = 0;
  put(value: T): void { // error: RAY0307
    this.uses++;
  }
}

const cell = new Cell<void>();

function sumOf(first: u8): u32 {
  const list: readonly u8[] = [first, 2]; // error: RAY0307
  return list[0];
}

export function main(): void {
  assert(cell.uses === 0);
  const node = new Node();
  take(node);
  assert(grid[0][0] + rows[0][0] + LISTS[0][0] === 1);
}
