# gdb over both programs of RayOS, in the lines of their TypeScript. From the top of the checkout, beside `npm start -- --gdb`:
#
#     gdb -x tools/debug/rayos.gdb -ex 'target remote :1234'
#
# The kernel stands at its linked addresses; the boot manager, too, wherever the firmware grants the place that it asks for
# (tools/build/link.ts). Breakpoints may be set before either is in memory: the machine keeps them beside it, not in it.
set architecture i386:x86-64
set osabi none
set confirm off
file build/debug/rayos.elf
add-symbol-file build/debug/rayboot.efi
source tools/debug/boot_manager_frames.py
