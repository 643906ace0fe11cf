# Interrupts at each privilege change, IST, error codes of the IDT: SDM vol. 3A, 6.12 to 6.14.
.include "common.inc"
.section .text
main:
  # The same privilege: the stack is aligned, SS and flags are kept.
  movq $stack_top - 0x103, %rsp
  attempt ud2
  movq $stack_top - 0x108, %rsp
  attempt int $0x80
  attempt int3
  # From user mode: RSP0, and SS becomes null.
  user user_ud2, 1f
1: gate 0x80, 0xee00
  user user_int, 1f, 0x202
1: # A trap gate leaves IF.
  gate 0x80, 0xef00
  movq $1f, resume
  movq $trap_handler, %rax
  movw %ax, idt + 16 * 0x80
  user user_int, 1f, 0x202
trap_handler:
  note_flags 4
1: movq $stubs + 16 * 0x80, %rax
  movw %ax, idt + 16 * 0x80
  gate 0x80, 0x8e00
  # INT n of a gate for the kernel only; INT3 as well.
  user user_int, 1f
1: user user_int3, 1f
1: gate 3, 0xee00
  user user_int3, 1f
  # IST, at the same privilege and from user mode.
1: gate 6, 0x8e01
  attempt ud2
  user user_ud2, 1f
1: gate 6, 0x8e05
  attempt ud2
  gate 6, 0x8e00
  # What is wrong with a gate.
  gate 0x81, 0x0e00
  attempt int $0x81
  gate 0x81, 0x8500
  attempt int $0x81
  gate 0x81, 0x8c00
  attempt int $0x81
  gate 0x81, 0x8e00
  movw $0, idt + 16 * 0x81 + 2
  attempt int $0x81
  movw $KERNEL_DATA, idt + 16 * 0x81 + 2
  attempt int $0x81
  movw $ABSENT_CODE, idt + 16 * 0x81 + 2
  attempt int $0x81
  movw $KERNEL_CODE32, idt + 16 * 0x81 + 2
  attempt int $0x81
  movw $BAD_SIZE, idt + 16 * 0x81 + 2
  attempt int $0x81
  movw $OUTSIDE, idt + 16 * 0x81 + 2
  attempt int $0x81
  movw $USER_CODE, idt + 16 * 0x81 + 2
  attempt int $0x81
  movw $KERNEL_CODE + 3, idt + 16 * 0x81 + 2
  attempt int $0x81
  movw $4, idt + 16 * 0x81 + 2
  attempt int $0x81
  movw $KERNEL_CODE, idt + 16 * 0x81 + 2
  # The stack's address.
  gate 0x81, 0x8e03
  attempt int $0x81
  gate 0x81, 0x8e04
  attempt int $0x81
  gate 0x81, 0x8e00
  # Beyond the IDT.
  movw $0x80 * 16 + 14, idt_register
  lidt idt_register
  attempt int $0x80
  movw $0x80 * 16 + 15, idt_register
  lidt idt_register
  attempt int $0x80
  movw $0xfff, idt_register
  lidt idt_register
  # The same while an exception is delivered: EXT.
  gate 6, 0x0e00
  attempt ud2
  gate 6, 0x8e04
  attempt ud2
  gate 6, 0x8e00
  movw $OUTSIDE, idt + 16 * 6 + 2
  attempt ud2
  movw $KERNEL_CODE, idt + 16 * 6 + 2
  # A conforming handler runs at the program's privilege.
  movw $CONFORMING, idt + 16 * 0x82 + 2
  gate 0x82, 0xee00
  movq $conforming_handler, %rax
  movw %ax, idt + 16 * 0x82
  shrq $16, %rax
  movw %ax, idt + 16 * 0x82 + 6
  user user_conforming, 1f
  # To CPL 1, with RSP1.
1: movw $CODE1, idt + 16 * 0x83 + 2
  gate 0x83, 0xee00
  movq $handler1, %rax
  movw %ax, idt + 16 * 0x83
  user user_to1, 1f
  # The stack pointer of the TSS.
1: movabsq $NOT_CANONICAL, %rax
  movq %rax, task_state + 4
  gate 8, 0x8e01
  user user_ud2, 1f
1: movq $stack0_top, task_state + 4
  jmp finish

handler1:
  movb $1, KERNEL_PAGE
  movq %cr0, %rax

.section .user
user_ud2: ud2
user_int: int $0x80
user_int3: int3
user_conforming: int $0x82
user_to1: int $0x83
conforming_handler:
  movl %cs, %ebx
  movq (%rsp), %rcx
  movq %cr0, %rax
