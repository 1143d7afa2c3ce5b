/**
 * What the programs about proofs look at: views of eight bytes, and values that the compiler knows nothing of.
 */

export class Holder {
  count: u32 = 0;
  start: u32 = 0;
  flag: boolean = false;
  view: Bytes = utf8("");
  next: Holder | null = null;
  readonly eight = new Uint8Array(8);

  grow(): u32 {
    this.count += 100;
    return this.count;
  }

  at(index: u32): u8 {
    return bytesOf(this.eight).u8(index);
  }
}

export const holder = new Holder();
export const other = new Holder();
export const EIGHT: readonly u8[] = [10, 11, 12, 13, 14, 15, 16, 17];
export const NONE: readonly u8[] = [];
export const BACK: i32 = -3;

/** A value that the compiler knows nothing of. */
export function value(wanted: u32): u32 {
  holder.start = wanted;
  return holder.start;
}

export function bytes(): Bytes {
  return bytesOf(holder.eight);
}

export function isTrue(): boolean {
  return holder.flag;
}
