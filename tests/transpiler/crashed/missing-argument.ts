// An argument that is not there: an error of tsc's, with which the lowering went on.
export function main(): void {
  assert();
}
