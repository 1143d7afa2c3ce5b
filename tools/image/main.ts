// Writes the image, as a process of its own: image.mjs <image> <kernel> <boot manager> <boot sector> <version> <seconds>
// [settings].
//
// The library of the subset must stand before anything of src/ is loaded, so it is the first import.

import "../../transpiler/lib/prelude.ts";
import { createHash } from "node:crypto";
import { readFileSync, renameSync } from "node:fs";
import { writeStick } from "./stick.ts";

const [image, kernel, bootManager, bootSector, version, seconds, settings = ""] = process.argv.slice(
  2,
) as string[];
const content = {
  kernel: readFileSync(kernel!),
  bootManager: readFileSync(bootManager!),
  bootSector: readFileSync(bootSector!),
  version: version!,
  seconds: BigInt(seconds!),
  configuration: new TextEncoder().encode(settings),
};
const hash = createHash("sha256");
for (const part of [content.kernel, content.bootManager, content.bootSector]) hash.update(part);
const seed = hash.update(`${content.version} ${content.seconds} ${settings}`).digest("hex");
writeStick(`${image}.new`, { ...content, seed });
renameSync(`${image}.new`, image!);
