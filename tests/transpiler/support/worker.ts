// Worker: the process in which batches run, one after the other, as campaign.ts asks.

import { sabotage } from "../../../transpiler/sabotage.ts";
import { runSeeds } from "./batch.ts";
import { PATIENCE_SECONDS } from "./bounded.ts";
import type { BatchAnswer, BatchOrder } from "./campaign.ts";
import { shrinkProgram } from "./findings.ts";
import { serve } from "./lanes.ts";
import { VARIANTS } from "./native.ts";

serve<BatchOrder, BatchAnswer>(async ({ root, folder, seeds, variants, broken, shrinks }) => {
  const start = performance.now();
  sabotage(broken);
  const comparison = {
    variants: variants.map((name) => VARIANTS[name]),
    joined: true,
    patienceSeconds: PATIENCE_SECONDS,
  };
  const verdicts = await runSeeds(root, seeds, folder, comparison);
  const failed = verdicts.find(({ differences }) => differences.length > 0);
  const small = shrinks && failed !== undefined ? await shrinkProgram(root, failed) : "";
  sabotage(null);
  return { verdicts, small, tookMs: performance.now() - start };
});
