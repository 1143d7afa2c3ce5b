// Outcome: what one run of a program printed, and the line that its trap wrote.

export interface Outcome {
  readonly output: string;
  /** `trap range at file.ts:12`, or "" where it ended by itself. */
  readonly trap: string;
}

/** What differs, for a person; `null` where nothing does. */
export function difference(name: string, expected: Outcome, actual: Outcome): string | null {
  if (expected.trap !== actual.trap) return `${name} ends with '${actual.trap}', expected '${expected.trap}'`;
  if (expected.output === actual.output) return null;
  const left = expected.output.split("\n");
  const right = actual.output.split("\n");
  const at = left.findIndex((line, index) => line !== right[index]);
  const line = at < 0 ? left.length : at;
  return `${name} prints '${right[line] ?? ""}' in line ${line + 1}, expected '${left[line] ?? ""}'`;
}
