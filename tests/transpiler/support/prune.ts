// Pruning: leaving the statements that the compiler refuses out of a source that has one a line.

/** The statement or block that begins at `first` (0-based): its last line, or −1 where the line begins none. */
function lastLineOf(lines: readonly string[], first: number): number {
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
