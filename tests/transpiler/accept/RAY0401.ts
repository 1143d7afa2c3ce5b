const enum Fault {
  broken,
}

function fail(): Result<void, Fault> {
  return err(Fault.broken);
}

function inner(): u32 {
  return 3;
}

class Place {
  x: u32 = 1;
  readonly list = fixedArray<u8, 2>(2, () => 3);
}

const place = new Place();

export function main(): void {
  let i: u32 = 0;
  while (i < inner()) i++;
  const bytes = new Uint8Array(4);
  const length = bytes.length;
  const {
    x,
    list: [low, high],
  } = place;
  assert(x + low + high === 7);
  assert(i < length && !fail().ok);
}
