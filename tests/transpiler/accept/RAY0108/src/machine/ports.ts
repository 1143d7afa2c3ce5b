export declare function outByte(port: u16, value: u8): void;
