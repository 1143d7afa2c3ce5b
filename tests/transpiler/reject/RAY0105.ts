let started: boolean = false;

function start(): void {
  started = true;
}

start(); // error: RAY0105

export function main(): void {
  assert(started);
}
