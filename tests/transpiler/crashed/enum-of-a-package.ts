import { SyntaxKind } from "typescript";

export function main(): void {
  const kind: u32 = SyntaxKind.Unknown;
  assert(kind === SyntaxKind.EndOfFileToken);
}
