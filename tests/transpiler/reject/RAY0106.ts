function first(): u32 {
  return 3;
}

const START: u32 = first(); // error: RAY0106
let sum: u32 = 0;

export function main(): void {
  sum = START;
}
