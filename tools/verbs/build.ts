// build: both programs and the image.

import { readFileSync, statSync } from "node:fs";
import { buildPrograms, STACKS } from "../build/build.ts";
import { buildImage } from "../image/image.ts";
import { ensure } from "../packages.ts";
import { parse, type Verb } from "./verb.ts";

const HELP = `node build.mjs build

Builds build/rayboot.efi, build/rayos.elf, build/rayos.img and build/rayos.qcow2. The generated C stays in build/c/,
programs with what a debugger reads in build/debug/. Only what changed is made again; the same source gives the same bytes.`;

export const BUILD: Verb = {
  name: "build",
  summary: "boot manager, kernel and image",
  help: HELP,
  async run(paths, args) {
    parse("build", args, {}, 0);
    const tools = await ensure(["build"]);
    const start = performance.now();
    await buildPrograms(paths, tools);
    await buildImage(paths, tools);
    for (const name of [paths.bootManager, paths.kernel, paths.image]) {
      console.error(`${name}  ${(statSync(paths.of(name)).size / 1024).toFixed(1)} KiB`);
    }
    console.error(readFileSync(paths.of(STACKS), "utf8").trimEnd());
    console.error(`Built in ${((performance.now() - start) / 1000).toFixed(1)} s.`);
    return 0;
  },
};
