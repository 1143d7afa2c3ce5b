const TOO_MUCH = "too much";
const IS_LONG: boolean = TOO_MUCH === "too much";
const WHERE: string = IS_LONG ? "in the long one" : "in the short one";

function check(value: u32): void {
  assert(value < 9, TOO_MUCH);
  if (value === 8) unreachable(WHERE);
}

export function main(): void {
  check(3);
}
