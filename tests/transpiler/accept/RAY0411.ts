function first(value: u32): u32 {
  return value;
}

function firstOfThree(): u32 {
  return first(3);
}

export function main(): void {
  assert(first(1) + firstOfThree() === 4);
}
