// Pruning: leaving statements out of a source that has one a line. Serves to drop what the compiler refuses, and to make a
// failing program small.

/** The statement or block that begins at `first` (0-based): its last line, or −1 where the line begins none. */
export function lastLineOf(lines: readonly string[], first: number): number {
  const text = lines[first]!.trim();
  if (text === "" || text.startsWith("}") || text.startsWith("//") || text.startsWith("import")) return -1;
  if (!text.endsWith("{")) return first;
  const indent = indentOf(lines[first]!);
  for (let at = first + 1; at < lines.length; at++) {
    const line = lines[at]!;
    if (indentOf(line) === indent && line.trim().startsWith("}") && !line.trim().endsWith("{")) return at;
  }
  return -1;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The source without the innermost statements that hold the given lines (which count from 1). */
export function withoutLines(source: string, numbers: Iterable<number>): string {
  const lines = source.split("\n");
  const dropped = new Set<number>();
  for (const number of numbers) {
    const [first, last] = enclosing(lines, number - 1);
    for (let at = first; at <= last; at++) dropped.add(at);
  }
  return lines.filter((_, at) => !dropped.has(at)).join("\n");
}

/** The smallest statement around a line: the line's own, or that of the block which it closes. */
function enclosing(lines: readonly string[], at: number): [number, number] {
  for (let first = at; first >= 0; first--) {
    const last = lastLineOf(lines, first);
    if (last >= at) return [first, last];
  }
  return [at, at];
}

/** The smallest source found that still `fails`, trying to leave out ever smaller statements; at most `budget` tries. */
export async function shrink(
  source: string,
  fails: (source: string) => Promise<boolean>,
  budget: number,
): Promise<string> {
  let best = source;
  let tries = 0;
  for (
    let needed = new Set<string>(), size = Infinity;
    best.length < size && tries < budget;
    needed = new Set()
  ) {
    size = best.length;
    for (let next = untried(best, needed); next !== null && tries < budget; next = untried(best, needed)) {
      tries++;
      const lines = best.split("\n");
      const smaller = [...lines.slice(0, next[0]), ...lines.slice(next[1] + 1)].join("\n");
      if (await fails(smaller)) best = smaller;
      else needed.add(lines.slice(next[0], next[1] + 1).join("\n"));
    }
  }
  return best;
}

/** The longest statement that is not known to be needed. */
function untried(source: string, needed: ReadonlySet<string>): [number, number] | null {
  const lines = source.split("\n");
  return (
    statementsOf(source).find(([first, last]) => !needed.has(lines.slice(first, last + 1).join("\n"))) ?? null
  );
}

/** Every statement's first and last line, the longest first. */
function statementsOf(source: string): [number, number][] {
  const lines = source.split("\n");
  const found = lines
    .map((_, first): [number, number] => [first, lastLineOf(lines, first)])
    .filter(([, last]) => last >= 0);
  return found.sort((a, b) => b[1] - b[0] - (a[1] - a[0]));
}
