/** Generic methods that other modules call. */

export class Shelf {
  calls: u32 = 0;

  kept<T>(value: T, times: u8): T {
    for (let i: u8 = 0; i < times; i++) this.calls++;
    return value;
  }

  each<T>(values: FixedArray<T, 3>, visit: (value: T) => void): void {
    for (const value of values) {
      this.calls++;
      visit(value);
    }
  }

  added<T extends { readonly id: u8 }>(value: u8, other: T): u8 {
    return value + other.id;
  }

  at<T extends number>(values: Uint8Array, index: T): u8 {
    return values[index];
  }
}
