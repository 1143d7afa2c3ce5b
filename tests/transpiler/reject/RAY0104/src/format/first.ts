import { second } from "../driver/second.ts"; // error: RAY0104

export function first(): void {
  second();
}
