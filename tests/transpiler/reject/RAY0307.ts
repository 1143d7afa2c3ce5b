type Either = "left" | "right"; // error: RAY0307

class Node {
  value: u32 | null = null; // error: RAY0307
  side: Either = "left";
  readonly pair: [u32, u32] = [1, 2]; // error: RAY0307
}

function take(value: unknown): void { // error: RAY0307
  assert(value !== null);
}

export function main(): void {
  const node = new Node();
  take(node);
}
