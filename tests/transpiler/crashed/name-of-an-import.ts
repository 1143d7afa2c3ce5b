// A declaration under the name of an import: an error of tsc's, and the name is the import's.
import { Text } from "../programs/support/text.ts";

enum Text {
  a = 0,
}

export function main(): void {}
