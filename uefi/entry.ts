/**
 * What the firmware gave the program at its start. Intrinsics: `runtime-c/efi/entry.c` keeps both before it calls `main`.
 */

/** The handle of this very image: where it was loaded from is its Loaded Image protocol. */
export declare function imageHandle(): u64;
/** The address of the EFI system table. */
export declare function systemTable(): u64;
/** From here on no boot service exists any more: a trap goes to the serial port alone. */
export declare function bootServicesEnded(): void;
