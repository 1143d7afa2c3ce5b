/** What TypeScript cannot say; the bodies stand in `ports.c`. */

export declare function readPort(port: u16): u8;
export declare function writePort(port: u16, value: u8): void;
/** Stops the processor for good. */
export declare function halt(): void;
