// Started by verbs/docs.ts: docs.mjs <root> [--check]. Names what it wrote; with --check what is not current, as a failure.

import { writeDocuments } from "./documents.ts";

const [root, option] = process.argv.slice(2) as [string, string | undefined];
const check = option === "--check";
const changed = writeDocuments(root, check);
for (const path of changed) console.log(check ? `${path} is not current: node build.mjs docs` : path);
if (check && changed.length > 0) process.exitCode = 1;
