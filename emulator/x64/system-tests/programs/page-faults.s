# Page faults of each kind: SDM vol. 3A, 4.7.
.include "common.inc"
.section .text
main:
  # Faults of the stack have one of their own.
  gate 12, 0x8e01
  gate 13, 0x8e02
  gate 8, 0x8e05
  # A supervisor: reads and writes.
  attempt movb USER_PAGE, %al
  attempt movb $1, USER_PAGE
  attempt movb $1, KERNEL_PAGE
  attempt movb KERNEL_READONLY, %al
  attempt movb $1, KERNEL_READONLY
  attempt movb $1, USER_READONLY
  attempt movb ABSENT_PAGE, %al
  attempt movb $1, ABSENT_PAGE + 0xfff
  attempt addb $1, ABSENT_PAGE + 1
  attempt addb $1, KERNEL_READONLY + 1
  attempt movb RESERVED_PAGE, %al
  attempt movb $1, RESERVED_PAGE
  attempt movb LARGE_PAGE, %al
  attempt movb LARGE_RESERVED, %al
  attempt movb LARGE_NX, %al
  attempt movb HUGE_PAGE, %al
  movabsq $HUGE_RESERVED, %rbx
  attempt movb (%rbx), %al
  movabsq $TOP_RESERVED, %rbx
  attempt movb $1, (%rbx)
  movabsq $UPPER_HALF, %rbx
  attempt movb USER_PAGE(%rbx), %al
  attempt movb ABSENT_PAGE(%rbx), %al
  movabsq $NOT_CANONICAL, %rbx
  attempt movb (%rbx), %al
  movq %rbx, %rbp
  attempt movb (%rbp), %al
  attempt pushq (%rbx)
  movq %rbx, %rsp
  attempt pushq $1
  # Of two pages the second is missing: CR2 is the first byte that is not there.
  attempt movq BEHIND_NEXT - 3, %rax
  attempt movq %rax, BEHIND_NEXT - 3
  attempt movq KERNEL_PAGE - 4, %rax
  attempt movq %rax, USER_READONLY - 4
  # A write that faults in its second half changes nothing.
  movl $0x55667788, BEHIND_NEXT - 4
  attempt movq $0, BEHIND_NEXT - 4
  note 1, BEHIND_NEXT - 8
  # Fetches.
  movq $KERNEL_NX, %rbx
  attempt jmp *%rbx
  movq $USER_NX, %rbx
  attempt jmp *%rbx
  movq $ABSENT_PAGE, %rbx
  attempt jmp *%rbx
  movq $RESERVED_PAGE, %rbx
  attempt jmp *%rbx
  movq $LARGE_NX, %rbx
  attempt jmp *%rbx
  movb $0x90, USER_PAGE + 0xffe
  movb $0xc3, USER_PAGE + 0xfff
  movq $USER_PAGE + 0xffe, %rbx
  attempt call *%rbx
  note 2, %rbx
  # An instruction that goes on in a page that is not there.
  movw $0xb848, BEHIND_NEXT - 2
  movq $BEHIND_NEXT - 2, %rbx
  attempt jmp *%rbx
  # A user.
  user user_reads, 1f
1: user user_writes, 1f
1: user user_readonly, 1f
1: user user_absent, 1f
1: user user_absent_write, 1f
1: user user_reserved, 1f
1: user user_fetch, 1f
1: user user_nx, 1f
1: user user_absent_fetch, 1f
1: user user_allowed, 1f
1: note 3, %rbx
  # Without WP a supervisor writes anywhere.
  movq %cr0, %rax
  btrq $16, %rax
  movq %rax, %cr0
  attempt movb $7, KERNEL_READONLY
  attempt movb $8, USER_READONLY
  note 4, KERNEL_READONLY
  btsq $16, %rax
  movq %rax, %cr0
  attempt movb $9, KERNEL_READONLY
  note 5, KERNEL_READONLY
  # Without NXE bit 63 is reserved, and fetches are not told from reads.
  write_msr 0xc0000080, 0x501
  attempt movb KERNEL_NX, %al
  movq $ABSENT_PAGE, %rbx
  attempt jmp *%rbx
  jmp finish

.section .user
user_reads: movb KERNEL_PAGE, %al
user_writes: movb $1, KERNEL_PAGE
user_readonly: movb $1, USER_READONLY
user_absent: movb ABSENT_PAGE, %al
user_absent_write: movb $1, ABSENT_PAGE
user_reserved: movb RESERVED_PAGE, %al
user_fetch: jmp main
user_nx: movq $USER_NX, %rax
  jmp *%rax
user_absent_fetch: movq $ABSENT_PAGE, %rax
  jmp *%rax
user_allowed: movq $0x1234, USER_PAGE
  movq USER_PAGE, %rbx
  addq USER_READONLY, %rbx
  addq LARGE_PAGE, %rbx
  int $0x80
