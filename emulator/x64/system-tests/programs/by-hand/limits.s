# Limits and rights of segments in 32-bit code, of which QEMU looks at none: SDM vol. 3A, 5.3 and 5.5.
.include "common.inc"
.macro user32 program
  movq $after\@, resume
  pushq $USER_DATA
  pushq $user_stack_top
  pushq $0x202
  pushq $USER_CODE32
  pushq $\program
  iretq
after\@:
.endm
.macro small_data
  movl $SMALL_DATA, %eax
  movw %ax, %fs
.endm
.section .text
main:
  gate 0x80, 0xee00
  user32 user_inside
  user32 user_outside
  user32 user_half
  user32 user_write
  user32 user_null
  user32 user_code
  user32 user_stack
  user32 user_jump
  user32 user_vector_inside
  user32 user_vector_store
  user32 user_lane_store
  user32 user_extended
  user32 user_extended_store
  user32 user_environment
  user32 user_state
  # Two segments of the same bytes: one has them all, the other ends in front of the last instruction.
  movabsq $0x0040fa180000ffff, %rax
  movq %rax, gdt + GATE
  movq %rax, gdt + GATE + 8
  movw $user_edge - 0x180000 - 1, gdt + GATE + 8
  user32 user_whole
  user32 user_cut
  jmp finish

.section .user
.code32
user_inside: small_data
  movl %fs:0xfc, %eax
  int $0x80
user_outside: small_data
  movb %fs:0x100, %al
user_half: small_data
  movl %fs:0xfd, %eax
user_write: movl $USER_CODE32, %eax
  movw %ax, %fs
  movb %fs:user_write, %al
  movb $1, %fs:0
user_null: xorl %eax, %eax
  movw %ax, %fs
  movb %fs:0, %al
user_code: cs movb $1, user_code
user_stack: movl $SMALL_DATA, %eax
  movw %ax, %ss
  movl $0x101, %esp
  pushl $1
user_jump: ljmp $USER_CODE16, $0x10000
user_vector_inside: small_data
  movups %fs:0xf0, %xmm0
  movups %xmm0, %fs:0xf0
  fldt %fs:0xf6
  fstpt %fs:0xf6
  int $0x80
user_vector_store: small_data
  movups %xmm0, %fs:0xf1
user_lane_store: small_data
  movhps %xmm0, %fs:0xf9
user_extended: small_data
  fldt %fs:0xf7
user_extended_store: small_data
  fldz
  fstpt %fs:0xf7
user_environment: small_data
  fnstenv %fs:0xe5
user_state: small_data
  fxsave %fs:0
user_whole: ljmp $GATE + 3, $user_shared - 0x180000
user_cut: ljmp $GATE + 8 + 3, $user_shared - 0x180000
user_shared:
  nop
user_edge: int $0x80
