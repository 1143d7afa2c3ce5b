// What rayc does not see (tools, the transpiler, the tests around machines) is bundled without a look at its types: that look is here.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import t from "tap";

const root = process.env["RAYOS_ROOT"] ?? process.cwd();

t.test("tools, transpiler and tests type-check with plain tsc", async (t) => {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const outcome = spawnSync(process.execPath, [tsc, "-p", join(root, "tools")], {
    cwd: root,
    encoding: "utf8",
  });
  t.equal(outcome.status, 0, "no errors", { said: outcome.stdout, again: "npx tsc -p tools" });
});
