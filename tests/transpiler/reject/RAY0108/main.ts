export declare function outByte(port: u16, value: u8): void; // error: RAY0108

export function main(): void {
  outByte(0x80, 1);
}
