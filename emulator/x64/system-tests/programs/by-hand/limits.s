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
  jmp finish

.section .user
.code32
user_inside:
  movl $SMALL_DATA, %eax
  movw %ax, %fs
  movl %fs:0xfc, %eax
  int $0x80
user_outside: movl $SMALL_DATA, %eax
  movw %ax, %fs
  movb %fs:0x100, %al
user_half: movl $SMALL_DATA, %eax
  movw %ax, %fs
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
