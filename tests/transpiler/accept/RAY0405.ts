let calls: u32 = 0;

function next(): u32 {
  calls++;
  return calls;
}

export function main(): void {
  const table = new Uint32Array(4);
  for (let i: u32 = 0; i < 3; i++) table[i] = 5;
  for (let i: u32 = 0, j: u32 = 3; i < j; i++, j--) calls++;
  for (let i: u32 = 0; i < 3;) {
    i = u32(table[next() & 3] + next());
  }
}
