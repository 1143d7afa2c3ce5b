// A view of nothing, whose length was asked for: an error of tsc's, with which the lowering went on.
export function main(): void {
  switch (bytesOf().u16le(0)) {
  }
}
