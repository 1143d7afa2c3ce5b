// image: the image, and what it stands on.

import { buildPrograms } from "../build/build.ts";
import { buildImage } from "../image/image.ts";
import { ensure } from "../packages.ts";
import { parse, type Verb } from "./verb.ts";

const HELP = `node build.mjs image

Builds what is not fresh and writes build/rayos.img, a raw disk image with a GPT that starts by UEFI and installs RayOS,
and the same as build/rayos.qcow2. To make a stick of it: sudo dd if=build/rayos.img of=/dev/<stick> bs=4M oflag=sync`;

export const IMAGE: Verb = {
  name: "image",
  summary: "build/rayos.img for a stick, and build/rayos.qcow2",
  help: HELP,
  async run(paths, args) {
    parse("image", args, {}, 0);
    const tools = await ensure(["build"]);
    await buildPrograms(paths, tools);
    await buildImage(paths, tools);
    console.error(`${paths.image} and ${paths.qcow2} are there.`);
    return 0;
  },
};
