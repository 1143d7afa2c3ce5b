let started: boolean = false;

function start(): void {
  started = true;
}

export function main(): void {
  start();
  assert(started);
}
