# Loading of segment registers, LDTR and TR; LAR, LSL, VERR, VERW: SDM vol. 3A, 5.
.include "common.inc"
.macro load segment, selector
  movl $\selector, %eax
  attempt movw %ax, %\segment
  movl %\segment, %eax
  note 1, %rax
.endm
.macro ask number, selector
  movl $\selector, %ebx
  movl $0x55555555, %eax
  larl %ebx, %eax
  note_flags \number
  # Bits 16 to 19 are the limit's on some processors, and 0 on others.
  andl $0xfff0ffff, %eax
  note \number + 1, %rax
  movl $0x55555555, %eax
  lsll %ebx, %eax
  note_flags \number + 2
  note \number + 3, %rax
  verr %bx
  note_flags \number + 4
  verw %bx
  note_flags \number + 5
.endm
.section .text
main:
  gate 12, 0x8e01
  movl $LOCAL_TABLE, %eax
  lldt %ax
  load ds, 0
  load ds, 3
  load ds, KERNEL_DATA
  load ds, KERNEL_DATA + 3
  load ds, USER_DATA
  load ds, OUTSIDE
  load ds, OUTSIDE + 4
  load ds, 4
  load ds, 12
  load es, ABSENT_DATA
  load es, KERNEL_CODE
  load es, TASK
  load es, READONLY_DATA
  load fs, CONFORMING + 3
  load gs, CODE1
  load gs, DATA1 + 1
  # The accessed flag.
  note 2, gdt + FRESH_DATA
  load es, FRESH_DATA
  note 3, gdt + FRESH_DATA
  load ss, KERNEL_DATA
  load ss, 0
  load ss, USER_DATA
  load ss, USER_DATA-3
  load ss, READONLY_DATA
  load ss, ABSENT_DATA
  load ss, KERNEL_CODE
  load ss, OUTSIDE
  load ss, KERNEL_DATA
  # MOV to CS is none.
  attempt .byte 0x8e, 0xc8
  attempt .byte 0x8e, 0xf0
  # The bases of FS and GS, and loads that replace them.
  write_msr 0xc0000100, 0x12345678, 1
  load fs, KERNEL_DATA
  movl $0xc0000100, %ecx
  rdmsr
  note 4, %rax
  note 5, %rdx
  # LTR and LLDT.
  movl $TASK, %eax
  attempt ltr %ax
  note 6, gdt + TASK
  movl $4, %eax
  attempt ltr %ax
  attempt lldt %ax
  movl $KERNEL_DATA, %eax
  attempt ltr %ax
  attempt lldt %ax
  movl $OUTSIDE, %eax
  attempt lldt %ax
  movl $OUTSIDE-8, %eax
  attempt lldt %ax
  movb $2, gdt + LOCAL_TABLE + 5
  movl $LOCAL_TABLE, %eax
  attempt lldt %ax
  sldt %rax
  note 7, %rax
  str %rax
  note 8, %rax
  movl $0, %eax
  lldt %ax
  load ds, 4
  sldt %eax
  note 9, %rax
  movb $0x82, gdt + LOCAL_TABLE + 5
  movl $LOCAL_TABLE, %eax
  lldt %ax
  ask 10, 0
  ask 20, KERNEL_CODE
  ask 30, KERNEL_DATA
  ask 40, KERNEL_DATA + 3
  ask 50, USER_DATA
  ask 60, TASK
  ask 70, LOCAL_TABLE
  ask 80, OUTSIDE
  ask 90, CONFORMING + 3
  ask 100, 4
  ask 110, READONLY_DATA
  ask 120, GATE
  user user_program, 1f
1: movl %ds, %eax
  note 130, %rax
  user user_lldt, 1f
1: user user_ltr, 1f
1: user user_lgdt, 1f
1: user user_stores, 1f
1: note 140, %rbx
  note 141, %rcx
  # UMIP.
  movq %cr4, %rax
  btsq $11, %rax
  movq %rax, %cr4
  user user_sldt, 1f
1: user user_sgdt, 1f
1: user user_smsw, 1f
1: jmp finish

.section .user
user_program:
  movl $KERNEL_DATA, %eax
  movw %ax, %ds
user_lldt: lldt %ax
user_ltr: ltr %ax
user_lgdt: lgdt USER_PAGE
user_stores:
  sgdt USER_PAGE
  movq USER_PAGE + 2, %rcx
  sldt %rbx
  smsw %ecx
  int $0x80
user_sldt: sldt %eax
user_sgdt: sgdt USER_PAGE
user_smsw: smsw %eax
