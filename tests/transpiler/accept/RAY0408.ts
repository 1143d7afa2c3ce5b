class Node {
  value: u32 = 0;
}

let node: Node | null = null;

export function main(): void {
  let i: u32 = 3;
  while (i !== 0) i--;
  if (node !== null) i = 1;
  const flag = i === 0;
  i = flag && i === 0 ? 1 : 2;
  assert(i === 1);
}
