function fail(): void {
  throw 5; // error: RAY0401
}

var old: u32 = 1; // error: RAY0401

class Place {
  x: u32 = 1;
  readonly list = fixedArray<u8, 2>(2, () => 3);
}

const place = new Place();
const { x } = place; // error: RAY0401

namespace Inner { // error: RAY0401
  export const size: u32 = 3;
}

function several(value: u8): void; // error: RAY0401
function several(value: u16): void;
function several(value: u16): void {
  assert(value > 3);
}

export function main(): void {
  var older: u32 = old; // error: RAY0401
  let i: u32 = 0;
  while (i < 3) {
    i++;
  }
  let count: u32; // error: RAY0401
  const { x: first = 3 } = place; // error: RAY0401
  const { ...rest } = place; // error: RAY0401
  const { "x": named } = place; // error: RAY0401
  const { list: [low, ...others] } = place; // error: RAY0401
  assert(first + named + low + x + rest.x === others.length);
  function inner(): void {} // error: RAY0401
  inner();
  fail();
}
