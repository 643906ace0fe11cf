# Interrupts of the host's, of vector 0x41, at labels `host_interrupt...`: SDM vol. 3A, 6.8. And the
# flags that IRET loads at CPL 0, with VIF and VIP: vol. 2A.
.include "common.inc"
.section .text
main:
  gate 0x41, 0x8e00
  movq $1, returns
  # IF is clear: it comes behind the instruction behind STI.
host_interrupt_1:
  nop
  nop
  sti
  nop
1: nop
  cli
  note 1, $1b
  # STI, CLI: it does not come.
host_interrupt_2:
  nop
  sti
  cli
  nop
  sti
  nop
1: nop
  note 2, $1b
  # MOV SS.
  movl $KERNEL_DATA, %eax
  movw %ax, %ss
host_interrupt_3:
  nop
1: nop
  note 3, $1b
  # HLT: it comes at once, and HLT is over.
  hlt
host_interrupt_4:
  note 4, $host_interrupt_4
  cli
  # POPF and IRET have no shadow.
host_interrupt_5:
  nop
  pushq $0x202
  popfq
1: nop
  cli
  note 5, $1b
host_interrupt_6:
  nop
  pushq $KERNEL_DATA
  pushq $stack_top
  pushq $0x202
  pushq $KERNEL_CODE
  pushq $1f
  iretq
1: nop
  cli
  note 6, $1b
  # In user mode, where IF is set.
  movq $0, returns
  movq $1f, resume
  user user_loop, 1f, 0x202
1: pushq $KERNEL_DATA
  pushq $stack_top
  pushq $0x3c3cd7
  pushq $KERNEL_CODE
  pushq $1f
  iretq
1: pushfq
  popq %rbp
  pushq $2
  popfq
  note 7, %rbp
  jmp finish

.section .user
user_loop:
  nop
host_interrupt_7:
  jmp user_loop
