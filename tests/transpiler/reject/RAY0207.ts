const TIMEOUT_SECONDS: u32 = 1.5; // error: RAY0207

export function main(): void {
  assert(TIMEOUT_SECONDS < 1e-3); // error: RAY0207
}
