let calls: u32 = 0;

function next(): u32 {
  calls++;
  return calls;
}

export function main(): void {
  const table = new Uint32Array(4);
  for (let i: u32 = 0; i < 3; i = table[next() & 3] + next()) calls++; // error: RAY0405
  for (let i: u32 = 0; i < 3; next()) i++; // error: RAY0405
}
