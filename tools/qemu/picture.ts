// Pictures of a machine's screen: QEMU writes PPM, people and tests want PNG.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { PNG } from "pngjs";
import type { Control } from "./control.ts";

/** Writes the screen to `path` as PNG. */
export async function takeScreenshot(control: Control, path: string): Promise<void> {
  const raw = `${path}.ppm`;
  await control.command("screendump", { filename: raw });
  writeFileSync(path, PNG.sync.write(parsePpm(readFileSync(raw))));
  rmSync(raw);
}

/** A picture of the kind P6 with 8 bits a colour. */
export function parsePpm(file: Buffer): PNG {
  const header = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(file.subarray(0, 64).toString("latin1"));
  if (header === null) throw new Error("QEMU's picture is no PPM of the expected kind");
  const [width, height, from] = [Number(header[1]), Number(header[2]), header[0].length];
  const png = new PNG({ width, height });
  for (let pixel = 0; pixel < width * height; pixel++) {
    file.copy(png.data, pixel * 4, from + pixel * 3, from + pixel * 3 + 3);
    png.data[pixel * 4 + 3] = 255;
  }
  return png;
}
