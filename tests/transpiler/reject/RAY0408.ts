class Node {
  value: u32 = 0;
}

let node: Node | null = null;

export function main(): void {
  let i: u32 = 3;
  while (i) i--; // error: RAY0408
  if (node) i = 1; // error: RAY0408
  node = null;
  const flag = !i; // error: RAY0408
  i = flag && i ? 1 : 2; // error: RAY0408
}
