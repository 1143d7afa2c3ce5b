export function main(): void {
  const name = "ray";
  const long = name + "os"; // error: RAY0312
  assert(name.size === 3); // error: RAY0312 TS2339
  assert(long !== name);
}
