/**
 * Output of the differential programs: one value a line. Kept apart from `src/`, and simple, so that a fault of the
 * compiler is seen as a difference and not in how it is shown.
 */

class Digits {
  readonly bytes = new Uint8Array(48);
}

const room = new Digits();

export function word(text: string): void {
  print(utf8(text));
  print(utf8("\n"));
}

export function yes(value: boolean): void {
  word(value ? "true" : "false");
}

export function number(value: number): void {
  big(BigInt(value));
}

export function big(value: bigint): void {
  digits(value);
  print(utf8("\n"));
}

/** Without an end of line. */
export function digits(value: bigint): void {
  const bytes = bytesOf(room.bytes);
  let at: u32 = 48;
  let rest: u64 = value < 0n ? u64(-value) : u64(value);
  do {
    at--;
    bytes.setU8(at, u8(48 + Number(rest % 10n)));
    rest = rest / 10n;
  } while (rest !== 0n);
  if (value < 0n) {
    at--;
    bytes.setU8(at, 45);
  }
  print(bytes.slice(at, 48 - at));
}

export function printBytes(values: Uint8Array): void {
  for (const value of values) number(value);
}

/** Gives bytes values: where all are zeros a fault of the compiler makes zeros. */
export function fillBytes(values: Uint8Array, factor: u8, first: u8): void {
  for (let i: u32 = 0; i < values.length; i++) values[i] = (i * factor + first) & 0xff;
}
