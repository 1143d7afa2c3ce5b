type Either = "left" | 4; // error: RAY0307

class Node {
  value: u32 | null = null; // error: RAY0307
  side: Either = 4;
  readonly pair: [u32, u32] = [1, 2]; // error: RAY0307
}

function take(value: unknown): void { // error: RAY0307
  assert(value !== null);
}

export function main(): void {
  const node = new Node();
  take(node);
}
