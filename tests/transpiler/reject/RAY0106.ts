function first(): u32 {
  return 3;
}

const START: u32 = first(); // error: RAY0106
let sum: u32 = 0;

class Started {
  value: u32 = first();
}

const NOTHING: u32 = Math.trunc(7 / 0); // error: RAY0106

const started = new Started(); // error: RAY0106

export function main(): void {
  assert(started.value === 3);
  sum = START + NOTHING;
}
