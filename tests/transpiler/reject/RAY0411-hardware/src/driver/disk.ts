export function read(at: u32, count: u32 = 1): u32 { // error: RAY0411
  return at > count ? 5 : 1;
}

export class Place {
  constructor(readonly at: u32 = 4) {} // error: RAY0411
}
