// rayc: the transpiler and its plugin for editors, bundled when they changed; the transpiler with whatever words follow.

import { spawnSync } from "node:child_process";
import { buildEditorPlugin, buildRayc } from "../build/build.ts";
import type { Verb } from "./verb.ts";

export const RAYC: Verb = {
  name: "rayc",
  summary: "the transpiler alone; without words it is only built",
  help: "",
  ownHelp: true,
  async run(paths, args) {
    const rayc = await buildRayc(paths);
    await buildEditorPlugin(paths);
    if (args.length === 0) return 0;
    return spawnSync(process.execPath, [rayc, ...args], { stdio: "inherit" }).status ?? 1;
  },
};
