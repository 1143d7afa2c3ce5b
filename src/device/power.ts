/** Power: the two ways to end. Neither returns; a machine that refuses is halted with a message. */

export interface Power {
  reboot(): void;
  powerOff(): void;
}
