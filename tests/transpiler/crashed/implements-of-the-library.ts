// What a class implements is of the library, and so no interface of a module.
class Strip implements Uint8Array {}

let kept: IterableIterator<u8> | null = null;

export function main(): void {
  const strip = new Strip();
  kept = null;
}
