class Plain {
  uses: u32 = 0;
}

const plain = new Plain();

export function main(): void {
  let i: u32 = 0;
  const value = i++; // error: RAY0422
  const small = i as u8; // error: RAY0422
  const kind = typeof plain; // error: RAY0422
  const empty = void 0; // error: RAY0422
  const list = [1, 2]; // error: RAY0307
  assert(kind === "object" && empty !== null);
  assert(list[0] === small && value === 0);
}
