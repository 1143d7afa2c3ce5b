function three(): u32 {
  return 3;
}

function first(value: u32 = three()): u32 { // error: RAY0411
  return value;
}

function second(value?: u32): u32 { // error: RAY0411
  return value === undefined ? 3 : 4; // error: RAY0109
}

export function main(): void {
  assert(first(1) + second(2) === 5);
}
