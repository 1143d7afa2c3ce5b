export function main(): void {
  const value = Symbol; // error: RAY0109
  assert(value === Symbol); // error: RAY0109
}
