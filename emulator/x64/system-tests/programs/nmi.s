# NMI: it is blocked while one is handled, until IRET: SDM vol. 3A, 6.7.1.
.include "common.inc"
.section .text
main:
  movq $nmi_handler, %rax
  movw %ax, idt + 16 * 2
  shrq $16, %rax
  movw %ax, idt + 16 * 2 + 6
  gate 2, 0x8e01
  movl $0, %ebx
  # Though IF is clear.
host_nmi_1:
  nop
  nop
  note 1, %rbx
  # In user mode.
  movl $0, %ebx
  user user_program, 1f
1: note 2, %rbx
  # While one is handled: another one comes behind the IRET, once.
  movl $10, %ebx
host_nmi_3:
  nop
  nop
  note 3, %rbx
  # An IRET that has nothing to do with it unblocks, too.
  movl $20, %ebx
host_nmi_6:
  nop
  nop
  note 4, %rbx
  jmp finish

nmi_handler:
  incl %ebx
  note 5, %rbx
  note 6, 16(%rsp)
  note 7, 24(%rsp)
  note 8, %rsp
  cmpl $11, %ebx
  je 1f
  cmpl $21, %ebx
  je 2f
  iretq
1: nop
host_nmi_4:
  nop
host_nmi_5:
  nop
  note 9, %rbx
  iretq
2: nop
host_nmi_7:
  nop
  note 10, %rbx
  pushq $KERNEL_DATA
  pushq $stack2_top
  pushq $2
  pushq $KERNEL_CODE
  pushq $3f
  iretq
3: nop
  note 11, %rbx
  movq $stack_top, %rsp
  jmp finish

.section .user
user_program:
  nop
host_nmi_2:
  nop
  int $0x80
