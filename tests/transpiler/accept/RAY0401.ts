const enum Fault {
  broken,
}

function fail(): Result<void, Fault> {
  return err(Fault.broken);
}

function inner(): u32 {
  return 3;
}

export function main(): void {
  let i: u32 = 0;
  while (i < inner()) i++;
  const bytes = new Uint8Array(4);
  const length = bytes.length;
  assert(i < length && !fail().ok);
}
