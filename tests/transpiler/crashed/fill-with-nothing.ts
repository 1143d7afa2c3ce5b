// An array filled with nothing: an error of tsc's, with which the search for calls went on.
class Keeper {
  readonly own = new Uint8Array(5);
}
const keeper = new Keeper();

export function main(): void {
  keeper.own.fill();
}
