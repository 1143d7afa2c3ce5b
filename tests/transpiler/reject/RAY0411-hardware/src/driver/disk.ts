export function read(at: u32, count: u32 = 1): u32 { // error: RAY0411
  return at > count ? 5 : 1;
}
