# CPUID, an instruction of each feature that it claims, and the time-stamp counter.
.include "common.inc"
.macro identify leaf, subleaf=0
  movl $\leaf, %eax
  movl $\subleaf, %ecx
  cpuid
  note 1, %rax
  note 2, %rbx
  note 3, %rcx
  note 4, %rdx
.endm
.section .text
main:
  identify 0
  identify 1
  identify 7
  identify 7, 1
  identify 0x80000000
  identify 0x80000001
  identify 0x80000008
  identify 0x40000000
  movl $0x10620, %eax
  movq %rax, %cr4
  movq $USER_PAGE, %rdi
  attempt fnop
  attempt cmpxchg8b (%rdi)
  attempt cmovel %eax, %eax
  attempt clflush (%rdi)
  attempt emms
  attempt fxsave (%rdi)
  attempt xorps %xmm0, %xmm0
  attempt addpd %xmm0, %xmm0
  attempt movddup %xmm0, %xmm0
  attempt pshufb %xmm0, %xmm0
  attempt cmpxchg16b (%rdi)
  attempt pmulld %xmm0, %xmm0
  attempt pcmpgtq %xmm0, %xmm0
  attempt crc32b %al, %eax
  attempt popcntl %eax, %eax
  attempt rdfsbase %rax
  attempt lahf
  attempt rdtscp
  # Claimed by nothing.
  attempt .byte 0xc5, 0xf8, 0x77
  attempt xgetbv
  attempt rdrand %eax
  attempt pclmulqdq $0, %xmm0, %xmm0
  attempt monitor
  # The counter counts instructions, and goes on from what was written.
  rdtsc
  movq %rax, %rsi
  nop
  movl %ebx, %ebx
  rdtsc
  subl %esi, %eax
  note 5, %rax
  write_msr 0xc0000103, 0x1234
  write_msr 0x10, 100, 5
  rdtscp
  note 6, %rax
  note 7, %rdx
  note 8, %rcx
  attempt rdpmc
  jmp finish
