function first(): u32 {
  return 3;
}

const START: u32 = first(); // error: RAY0106
let sum: u32 = 0;

class Started {
  value: u32 = first();
}

const NOTHING: u32 = Math.trunc(7 / 0); // error: RAY0106
// What names them is told nothing of: it is all right when they are.
const TWICE: u32 = 2 * START;
const LOW: u32 = Math.imul(NOTHING, 3) & 0xff;

const started = new Started(); // error: RAY0106

export function main(): void {
  assert(started.value === 3);
  sum = START + NOTHING + (TWICE % 3) + LOW;
}
