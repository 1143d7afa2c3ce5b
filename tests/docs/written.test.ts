// The pages written by hand: what they point at is there. A page that names a file which was moved, or a promise whose test
// is gone, fails here.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import t from "tap";
import { anchor } from "../../tools/docs/markdown.ts";

const root = process.env["RAYOS_ROOT"] ?? process.cwd();

/** Folders of the checkout that pages speak of. What is built is not there before the first build. */
const PATH = /`((?:src|uefi|transpiler|runtime-c|linker|guest|tests|tools|docs)\/[\w./-]*)`/g;
const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;

function pages(): string[] {
  const found = readdirSync(join(root, "docs"), { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile() && entry.name.endsWith(".md"));
  const paths = files.map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)));
  return [...paths, "README.md"].filter((path) => existsSync(join(root, path))).sort();
}

function textOf(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** All TypeScript below a folder. */
function textBelow(folder: string): string {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".ts"));
  return files
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), "utf8"))
    .join("\n");
}

/** Anchors of a page's headings. */
function headingsOf(path: string): Set<string> {
  return new Set([...textOf(path).matchAll(/^#+ (.*)$/gm)].map((match) => anchor(match[1]!)));
}

t.test("every link leads to a file of the checkout, and to a heading of it", async (t) => {
  for (const page of pages()) {
    for (const [, target] of textOf(page).matchAll(LINK)) {
      if (/^[a-z]+:/.test(target!)) continue;
      const [file, heading] = target!.split("#") as [string, string?];
      const path = file === "" ? page : join(dirname(page), file);
      const there = existsSync(join(root, path));
      t.ok(there && (heading === undefined || headingsOf(path).has(`#${heading}`)), `${page}: ${target}`);
    }
  }
});

t.test("every path that a page names is there", async (t) => {
  for (const page of pages()) {
    const missing = [...textOf(page).matchAll(PATH)]
      .map((match) => match[1]!)
      .filter((path) => !existsSync(join(root, path)));
    t.strictSame([...new Set(missing)], [], page);
  }
});

t.test("every name of the code that the architecture mentions can be searched for", async (t) => {
  const code = ["src", "uefi", "transpiler", "tools"].map(textBelow).join("");
  const names = [...textOf("docs/ARCHITECTURE.md").matchAll(/`([A-Za-z]\w*(?:\.[a-z]\w*)?)`/g)].map(
    (match) => match[1]!,
  );
  t.ok(names.length > 20);
  const words = names.flatMap((name) => name.split("."));
  t.strictSame([...new Set(words.filter((word) => !new RegExp(`\\b${word}\\b`).test(code)))], []);
});

t.test("the index names every page", async (t) => {
  const index = textOf("docs/README.md");
  for (const page of pages().filter((path) => /^docs\/[^/]+$/.test(path) && path !== "docs/README.md")) {
    t.ok(index.includes(`(${page.replace("docs/", "")})`), page);
  }
});

t.test("promises are numbered one by one, and the tests that keep them are there", async (t) => {
  const promises = textOf("docs/PROMISES.md")
    .split(/^(?=\*\*P\d+\.)/m)
    .slice(1);
  t.ok(promises.length > 0);
  promises.forEach((text, index) => {
    const name = /^\*\*(P\d+)\./.exec(text)![1]!;
    t.equal(name, `P${index + 1}`);
    const keepers = [...text.matchAll(/^- `(tests\/[\w./-]+\.test\.ts)`(.*(?:\n {2}.*)*)/gm)];
    t.ok(keepers.length > 0, `${name} has a test`);
    for (const [, path, titles] of keepers) {
      const test = existsSync(join(root, path!)) ? textOf(path!) : "";
      t.not(test, "", `${name}: ${path}`);
      for (const [, title] of titles!.replaceAll(/\n +/g, " ").matchAll(/"([^"]+)"/g)) {
        t.ok(test.includes(title!), `${name}: ${path} still says "${title}"`);
      }
    }
  });
});
