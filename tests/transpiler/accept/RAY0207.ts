const TIMEOUT_MS: u32 = 1_500;

export function main(): void {
  assert(TIMEOUT_MS < 1e4);
}
