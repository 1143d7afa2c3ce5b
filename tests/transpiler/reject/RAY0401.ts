function fail(): void {
  throw 5; // error: RAY0401
}

var old: u32 = 1; // error: RAY0401

export function main(): void {
  var older: u32 = old; // error: RAY0401
  let i: u32 = 0;
  while (i < 3) {
    i++;
  }
  let { length } = new Uint8Array(4); // error: RAY0401
  function inner(): void {} // error: RAY0401
  inner();
  fail();
}
