# What may be written to CR0, CR3, CR4, CR8, EFER and other MSRs: SDM vol. 3A, 2.5, and vol. 4.
.include "common.inc"
.macro write register, low, high=0
  movabsq $(\high << 32) | \low, %rax
  attempt movq %rax, %\register
  movq %\register, %rbx
  note 1, %rbx
.endm
.macro msr number, low, high=0
  movl $\number, %ecx
  movl $\low, %eax
  movl $\high, %edx
  attempt wrmsr
  movl $0, %eax
  movl $0, %edx
  attempt rdmsr
  note 2, %rax
  note 3, %rdx
.endm
.section .text
main:
  write cr0, 0xe0010031
  write cr0, 0x8005003b
  write cr0, 0x80010031
  write cr2, 0x12345678, 0x9abcdef0
  write cr4, 0x62c
  write cr4, 0x620
  write cr8, 0xf
  write cr8, 0
  movq %cr3, %rbp
  movq %rbp, %rax
  orq $0x18, %rax
  movq %rax, %cr3
  movq %cr3, %rbx
  note 5, %rbx
  movq %rbp, %cr3
  attempt .byte 0x0f, 0x20, 0xc8
  attempt .byte 0x0f, 0x22, 0xe8
  attempt .byte 0x44, 0x0f, 0x20, 0xc8
  # The mod field counts for nothing.
  attempt .byte 0x0f, 0x20, 0x03
  note 6, %rbx
  msr 0xc0000080, 0x501
  msr 0xc0000080, 0x901
  msr 0xc0000080, 0xd01
  msr 0xc0000081, 0x12345678, 0x87654321
  msr 0xc0000082, 0x1234, 0xffff8000
  msr 0xc0000084, 0xffffffff
  msr 0xc0000100, 0x1234, 0x7fff
  msr 0xc0000101, 0x4321, 0xffffffff
  msr 0xc0000103, 0x77
  msr 0x174, 0x5678
  msr 0x176, 0x5678, 0xffff8000
  msr 0x277, 0x00070406, 0x00070406
  movq $0, %rax
  smsw %rax
  note 7, %rax
  smsw USER_PAGE
  note 8, USER_PAGE
  movl $0xe, %eax
  lmsw %ax
  movq %cr0, %rbx
  note 9, %rbx
  clts
  movq %cr0, %rbx
  note 10, %rbx
  movl $0, %eax
  lmsw %ax
  movq %cr0, %rbx
  note 11, %rbx
  # TSD.
  movq $0x624, %rax
  movq %rax, %cr4
  attempt rdtsc
  user user_rdtsc, 1f
1: user user_rdtscp, 1f
  # The FS and GS bases as instructions.
1: attempt rdfsbase %rax
  movl $0x10620, %eax
  movq %rax, %cr4
  movabsq $0x7fff00001234, %rax
  attempt wrfsbase %rax
  attempt rdfsbase %rbx
  note 12, %rbx
  attempt rdfsbase %ebx
  note 13, %rbx
  attempt wrgsbase %eax
  attempt rdgsbase %rbx
  note 14, %rbx
  attempt .byte 0x0f, 0x01, 0xd0
  attempt rsm
  jmp finish

.section .user
user_rdtsc: rdtsc
user_rdtscp: rdtscp
