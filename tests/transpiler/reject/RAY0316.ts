export function main(): void {
  const nothing = null; // error: RAY0316
  assert(nothing === null);
}
