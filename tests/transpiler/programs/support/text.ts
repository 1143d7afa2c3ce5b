/**
 * A writer of the differential programs. What a template literal hands it is printed part by part and nothing between them,
 * for in raw Node the whole comes as one text.
 */

import { digits } from "./output.ts";

export class Text {
  text(value: string): void {
    print(utf8(value));
  }

  integer(value: number): void {
    digits(BigInt(value));
  }

  bigInteger(value: bigint): void {
    digits(value);
  }
}
