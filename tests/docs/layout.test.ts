// The sources keep the layout that is promised of them: the formatter's lines, files of one noun, functions of a screen.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { check, getFileInfo, resolveConfig } from "prettier";
import t from "tap";
import ts from "typescript";

const FOLDERS = ["src", "uefi", "transpiler", "tools", "tests", "examples"];
const FILE_LINES = 500;
const FUNCTION_LINES = 70;

const root = process.env["RAYOS_ROOT"] ?? process.cwd();
const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.includes("node_modules"))
    .map((path) => `${folder}/${path}`),
);
const texts = new Map(sources.map((path) => [path, readFileSync(join(root, path), "utf8")]));

t.test("every source is laid out as the formatter lays it out", async (t) => {
  const options = await resolveConfig(join(root, "build.mjs"));
  const wrong: string[] = [];
  for (const [path, text] of texts) {
    const { ignored } = await getFileInfo(join(root, path), { ignorePath: join(root, ".prettierignore") });
    if (!ignored && !(await check(text, { ...options, filepath: path }))) wrong.push(path);
  }
  t.strictSame(wrong, [], "mend with: npx prettier --write <file>");
});

t.test(`no file is longer than ${FILE_LINES} lines`, async (t) => {
  const long = [...texts].map(([path, text]) => ({ path, lines: text.split("\n").length - 1 }));
  t.strictSame(
    long.filter(({ lines }) => lines > FILE_LINES),
    [],
  );
});

t.test(`no function is longer than a screen of ${FUNCTION_LINES} lines`, async (t) => {
  t.strictSame(
    [...texts].flatMap(([path, text]) => longFunctions(path, text)),
    [],
  );
});

function longFunctions(path: string, text: string): string[] {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const lineOf = (position: number): number => tree.getLineAndCharacterOfPosition(position).line + 1;
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const first = lineOf(node.getStart(tree));
    if (hasBody(node) && lineOf(node.end) - first >= FUNCTION_LINES) found.push(`${path}:${first}`);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function hasBody(node: ts.Node): boolean {
  return ts.isFunctionLike(node) && "body" in node && node.body !== undefined;
}
