"""Frames of the boot manager for gdb, which cannot tell them by itself: UEFI's calling convention brings no call frame information,
and Debian's gdb reads none of Windows'. What our compiler writes at the start of a function tells the same:

    endbr64 · push rbp · push of what is saved · sub rsp, N · lea rbp, [rsp + D]   (or mov rbp, rsp, where nothing is reserved)

From rbp, or in the middle of these instructions from rsp, one finds where the return address stands, and what was saved below it.
"""

import gdb
import gdb.unwinder

PUSHES = {
    b"\x55": "rbp", b"\x53": "rbx", b"\x56": "rsi", b"\x57": "rdi",
    b"\x41\x54": "r12", b"\x41\x55": "r13", b"\x41\x56": "r14", b"\x41\x57": "r15",
}
ENDBR64 = b"\xf3\x0f\x1e\xfa"
SUB_SHORT, SUB_LONG = b"\x48\x83\xec", b"\x48\x81\xec"
LEA_SHORT, LEA_LONG = b"\x48\x8d\x6c\x24", b"\x48\x8d\xac\x24"
MOV_RBP_RSP = b"\x48\x89\xe5"
RET = 0xC3
PROLOGUE_BYTES = 48
KERNEL_FROM = 1 << 63
WORD = 8


class Prologue:
    """What the instructions from a function's start up to `pc` have done to the stack."""

    def __init__(self, code, executed):
        self.saved, self.reserved, self.distance = [], 0, None
        at = len(ENDBR64) if code.startswith(ENDBR64) else 0
        while at < executed and self.distance is None:
            length = self.step(code[at:])
            if length == 0:
                break
            at += length

    def step(self, code):
        """Takes in one instruction; its length, or 0 where the prologue ends."""
        for opcode, register in PUSHES.items():
            if code.startswith(opcode):
                self.saved.append(register)
                return len(opcode)
        if code.startswith(SUB_SHORT):
            self.reserved = code[3]
            return 4
        if code.startswith(SUB_LONG):
            self.reserved = int.from_bytes(code[3:7], "little")
            return 7
        if code.startswith(MOV_RBP_RSP):
            self.distance = 0
            return 3
        if code.startswith(LEA_SHORT):
            self.distance = code[4]
            return 5
        if code.startswith(LEA_LONG):
            self.distance = int.from_bytes(code[4:8], "little")
            return 8
        return 0


class FrameId:
    def __init__(self, sp, pc):
        self.sp, self.pc = sp, pc


def offset_in_function(pc):
    """How far `pc` is from the start of its function, or None outside of the boot manager."""
    if pc >= KERNEL_FROM:
        return None
    said = gdb.execute(f"info symbol {pc:#x}", to_string=True)
    if " in section .text" not in said:
        return None
    words = said.split()
    return int(words[2]) if words[1] == "+" else 0


def pops_before_return(code):
    """How many registers the code pops before it returns, or None where it does something else first."""
    pops, at = 0, 0
    while at < len(code) and code[at] != RET:
        at += 1 if code[at] == 0x41 else 0
        if at >= len(code) or not 0x58 <= code[at] <= 0x5F:
            return None
        pops, at = pops + 1, at + 1
    return pops


class BootManagerFrames(gdb.unwinder.Unwinder):
    def __init__(self):
        super().__init__("RayOS boot manager")

    def __call__(self, pending):
        pc = int(pending.read_register("rip")) & (1 << 64) - 1
        offset = offset_in_function(pc)
        if offset is None:
            return None
        memory = gdb.selected_inferior()
        pops = pops_before_return(bytes(memory.read_memory(pc, 16)))
        sp = int(pending.read_register("rsp"))
        saved = []
        if pops is None:
            prologue = Prologue(bytes(memory.read_memory(pc - offset, PROLOGUE_BYTES)), offset)
            if prologue.distance is not None:
                sp = int(pending.read_register("rbp")) - prologue.distance
            saved = prologue.saved
            sp += prologue.reserved
        return_at = sp + WORD * (len(saved) if pops is None else pops)
        word = gdb.lookup_type("unsigned long").pointer()
        read = lambda address: gdb.Value(address).cast(word).dereference()
        info = pending.create_unwind_info(FrameId(gdb.Value(return_at + WORD), gdb.Value(pc - offset)))
        info.add_saved_register("rip", read(return_at))
        info.add_saved_register("rsp", gdb.Value(return_at + WORD))
        for index, register in enumerate(saved):
            info.add_saved_register(register, read(return_at - WORD * (index + 1)))
        return info


gdb.unwinder.register_unwinder(None, BootManagerFrames(), True)
