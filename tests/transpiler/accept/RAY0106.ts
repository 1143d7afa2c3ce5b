const START: u32 = 3;
const NEXT: u32 = START + 1;
let sum: u32 = NEXT;

export function main(): void {
  sum = sum + START;
  assert(sum === 7);
}
