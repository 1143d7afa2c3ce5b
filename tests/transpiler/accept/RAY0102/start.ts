export const START: u32 = 1;
