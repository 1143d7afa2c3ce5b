// Where things stand in the checkout. Every other tool asks here, so that a folder has one spelling.

import { join } from "node:path";

export class Paths {
  constructor(readonly root: string) {}

  /** A path of the checkout, from its parts. */
  of(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  readonly bootManager = "build/rayboot.efi";
  readonly kernel = "build/rayos.elf";
  readonly image = "build/rayos.img";
  readonly qcow2 = "build/rayos.qcow2";
}
