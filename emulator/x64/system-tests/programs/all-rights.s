# Every combination of rights of a page and of its directory's entry, with WP, SMEP, SMAP and AC, for
# reading, writing and fetching at CPL 0 and 3: SDM vol. 3A, 4.6. Of each access a byte: bit 7 is set
# if it was allowed, bits 0 to 4 are the error code, bits 5 and 6 the accessed and dirty flags. Eight
# of them are a note.
.include "common.inc"
.set TARGET, 0xa00000
.set ENTRY, rights_pages
.set DIRECTORY_ENTRY, directory + 8 * 5
.section .text
main:
  movq $fault, %rax
  movw %ax, idt + 16 * 14
  shrq $16, %rax
  movw %ax, idt + 16 * 14 + 6
  movq $allowed, %rax
  movw %ax, idt + 16 * 0x80
  shrq $16, %rax
  movw %ax, idt + 16 * 0x80 + 6
  gate 0x80, 0xee00
  movb $0xc3, 0x300000
  movq $TARGET, %rbx
  xorl %r8d, %r8d
  xorl %r13d, %r13d
modes:
  # Bit 0 of %r8: WP, 1: SMEP, 2: SMAP, 3: AC.
  movl $0x80000031, %eax
  movl %r8d, %ecx
  andl $1, %ecx
  shll $16, %ecx
  orl %ecx, %eax
  movq %rax, %cr0
  movl %r8d, %eax
  andl $6, %eax
  shll $19, %eax
  orl $0x620, %eax
  # Bits 1 and 2 become 20 and 21.
  movq %rax, %cr4
  xorl %r9d, %r9d
directories_of:
  # Bits 0 and 1 of %r9: writable and user, 2: NX.
  movl %r9d, %eax
  andl $3, %eax
  leaq rights_pages+1(,%rax,2), %rax
  movl %r9d, %ecx
  andl $4, %ecx
  shlq $61, %rcx
  orq %rcx, %rax
  movq %rax, DIRECTORY_ENTRY
  xorl %r10d, %r10d
pages:
  # Bits 0 to 2 of %r10: present, writable, user, 3: NX.
  xorl %r11d, %r11d
accesses:
  movl %r10d, %eax
  andl $7, %eax
  addl $0x300000, %eax
  movl %r10d, %ecx
  andl $8, %ecx
  shlq $60, %rcx
  orq %rcx, %rax
  movq %rax, ENTRY
  invlpg (%rbx)
  movl %r8d, %eax
  andl $8, %eax
  shll $15, %eax
  orl $2, %eax
  cmpl $3, %r11d
  jae user_access
  pushq %rax
  popfq
  cmpl $1, %r11d
  jb kernel_read
  ja kernel_fetch
  movb $0xc3, (%rbx)
  jmp allowed
kernel_read:
  movb (%rbx), %al
  jmp allowed
kernel_fetch:
  call *%rbx
  jmp allowed
user_access:
  pushq $USER_DATA
  pushq $user_stack_top
  pushq %rax
  pushq $USER_CODE
  pushq $user_program
  iretq

fault:
  movb (%rsp), %al
  jmp next
allowed:
  movb $0x80, %al
next:
  movq $stack_top, %rsp
  movb ENTRY, %cl
  andb $0x60, %cl
  orb %cl, %al
  shlq $8, %r14
  movb %al, %r14b
  incl %r13d
  testl $7, %r13d
  jnz 1f
  note 1, %r14
1: incl %r11d
  cmpl $6, %r11d
  jne accesses
  incl %r10d
  cmpl $16, %r10d
  jne pages
  incl %r9d
  cmpl $8, %r9d
  jne directories_of
  incl %r8d
  cmpl $16, %r8d
  jne modes
  jmp finish

.section .user
user_program:
  cmpl $4, %r11d
  jb user_read
  ja user_fetch
  movb $0xc3, (%rbx)
  int $0x80
user_read:
  movb (%rbx), %al
  int $0x80
user_fetch:
  call *%rbx
  int $0x80

.section .tables
.balign 4096
rights_pages:
  .fill 512, 8, 0
