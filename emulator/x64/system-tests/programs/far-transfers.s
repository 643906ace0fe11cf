# JMP, CALL and RET to other segments, and call gates: SDM vol. 3A, 5.8.
.include "common.inc"
.macro far_call selector, target=far_target
  movl $\target, pointer
  movw $\selector, pointer + 4
  attempt lcalll *pointer
.endm
.macro far_jump selector, target=far_landing
  movl $\target, pointer
  movw $\selector, pointer + 4
  attempt ljmpl *pointer
.endm
.section .text
main:
  gate 12, 0x8e01
  movq $gate_target, %rax
  movw %ax, gdt + GATE
  movw $KERNEL_CODE, gdt + GATE + 2
  movw $0xec00, gdt + GATE + 4
  shrq $16, %rax
  movw %ax, gdt + GATE + 6
  far_call KERNEL_CODE
  far_call CONFORMING
  far_call 0
  far_call KERNEL_DATA
  far_call USER_CODE
  far_call USER_CODE-3
  far_call KERNEL_CODE + 3
  far_call ABSENT_CODE
  far_call OUTSIDE
  far_call TASK
  far_call CODE1
  far_call CONFORMING1
  # 64 bits, and 16.
  movq $far_target64, pointer
  movw $KERNEL_CODE, pointer + 8
  attempt rex.W lcall *pointer
  # A stack that is not there.
  movl $far_target, pointer
  movw $KERNEL_CODE, pointer + 4
  gate 14, 0x8e02
  movq $ABSENT_PAGE + 0x800, %rsp
  attempt lcalll *pointer
  gate 14, 0x8e00
  # Jumps.
  movl $0, %ebx
  far_jump KERNEL_CODE
  far_jump USER_CODE
  far_jump ABSENT_CODE
  # Call gates: at the same privilege, from user mode.
  far_call GATE
  note 1, %rbx
  note 2, %rsp
  user user_gate, 1f
1: note 3, %rbx
  user user_gate_back, 1f
1: note 4, %rbx
  note 5, %rcx
  far_jump GATE
1: movw $0x8c00, gdt + GATE + 4
  user user_gate, 1f
1: movw $0x6c00, gdt + GATE + 4
  far_call GATE
  movw $0xec00, gdt + GATE + 4
  far_call GATE + 3
  movw $0x0100, gdt + GATE + 12
  far_call GATE
  movw $0, gdt + GATE + 12
  movw $KERNEL_CODE32, gdt + GATE + 2
  far_call GATE
  movw $0, gdt + GATE + 2
  far_call GATE
  movw $USER_CODE, gdt + GATE + 2
  far_call GATE
  movw $ABSENT_CODE, gdt + GATE + 2
  far_call GATE
  movw $KERNEL_CODE, gdt + GATE + 2
  # RET: to the same privilege, outward, with parameters, and refused.
  pushq $KERNEL_CODE
  pushq $1f
  lretq
1: pushq $5
  pushq $KERNEL_CODE
  pushq $1f
  lretq $8
1: note 6, %rsp
  movq $1f, resume
  pushq $USER_DATA
  pushq $user_stack_top-0x40
  pushq $7
  pushq $USER_CODE
  pushq $user_stack
  lretq $8
1: note 7, %rbx
.macro refuse selector, stack=USER_DATA
  pushq $\stack
  pushq $user_stack_top
  pushq $\selector
  pushq $user_stack
  attempt lretq
.endm
  refuse 0
  refuse OUTSIDE
  refuse USER_CODE-3
  refuse KERNEL_CODE + 3
  refuse KERNEL_DATA
  refuse ABSENT_CODE
  refuse USER_CODE, 0
  refuse USER_CODE, KERNEL_DATA
  refuse USER_CODE, ABSENT_DATA + 3
  # 32 bits.
  subq $8, %rsp
  movl $KERNEL_CODE, 4(%rsp)
  movl $1f, (%rsp)
  lretl
1: note 8, %rsp
  # To 32-bit code and back.
  pushq $KERNEL_CODE32
  pushq $compatible
  lretq
back: note 9, %rbx
  note 10, %rcx
  jmp finish

.code32
compatible:
  movl $0x1111, %ebx
  lcall $KERNEL_CODE32, $1f
  addl $1, %ebx
  ljmp $KERNEL_CODE, $back
1: addl $0x2222, %ebx
  movl (%esp), %ecx
  lretl
.code64

far_target:
  note 20, %rsp
  lretl
far_target64:
  note 21, %rsp
  note 22, 16(%rsp)
  note 23, 24(%rsp)
  lretq
far_landing:
  incl %ebx
  note 24, %rbx
  jmp *resume
gate_target:
  movl %ss, %ebx
  note 25, %rbx
  movl %cs, %ebx
  note 26, %rbx
  note 27, %rsp
  note 28, 16(%rsp)
  note 29, 24(%rsp)
  note 30, 32(%rsp)
  note 31, 40(%rsp)
  lretq

.section .data
pointer: .quad 0, 0

.section .user
user_pointer: .long 0
  .word GATE + 3
user_gate:
  lcalll *user_pointer
  int $0x80
user_gate_back:
  lcalll *user_pointer
  movl %ss, %ebx
  movq %rsp, %rcx
  int $0x80
user_stack:
  movq %rsp, %rbx
  int $0x80
