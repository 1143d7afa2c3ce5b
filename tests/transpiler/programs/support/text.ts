/** A writer of the differential programs: what a template literal hands it is printed part by part. */

import { big, number, word } from "./output.ts";

export class Text {
  text(value: string): void {
    word(value);
  }

  integer(value: number): void {
    number(value);
  }

  bigInteger(value: bigint): void {
    big(value);
  }
}
