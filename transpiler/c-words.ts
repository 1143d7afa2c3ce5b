// C's own words, and names that the run-time and the system's headers have taken.

export const C_WORDS: ReadonlySet<string> = new Set(
  (
    "auto break case char const continue default do double else enum extern float for goto if inline int long register " +
    "restrict return short signed sizeof static struct switch typedef union unsigned void volatile while bool true false " +
    "asm typeof near far errno stdin stdout stderr main unix linux self memcpy memmove memset memcmp"
  ).split(" "),
);

/** What types of the run-time, of C's headers, and those that are made for views and results are called. */
const TYPES = /^(Ray[A-Z]|View_|Result_)|_t$/;

/** Whether a class or its like cannot have this name in C. */
export function isTakenType(name: string): boolean {
  return C_WORDS.has(name) || TYPES.test(name);
}

/** Whether a text has no letters but those of ASCII. */
export function isAscii(text: string): boolean {
  return !/[^\x00-\x7f]/.test(text);
}
