# IN and OUT with IOPL and the TSS's map: SDM vol. 1, 19.5. CLI and STI with IOPL.
.include "common.inc"
.section .text
main:
  attempt inb $0x10, %al
  user user_in, 1f
1: user user_in64, 1f
1: user user_in65, 1f
1: user user_word63, 1f
1: user user_word65, 1f
1: user user_long65, 1f
1: user user_long66, 1f
1: user user_last, 1f
1: user user_far, 1f
1: user user_in64, 1f, 0x3002
1: user user_cli, 1f
1: user user_sti, 1f
1: user user_cli, 1f, 0x3202
1: note 1, %rbx
  user user_sti, 1f, 0x3002
1: note 2, %rbx
  user user_cli, 1f, 0x2202
1: user user_popf, 1f, 0x2
1: note 3, %rbx
  user user_popf, 1f, 0x3002
1: note 4, %rbx
  user user_hlt, 1f
1: user user_cr, 1f
1: user user_dr, 1f
1: user user_clts, 1f
1: user user_lmsw, 1f
1: user user_wrmsr, 1f
1: user user_rdmsr, 1f
1: user user_wbinvd, 1f
1: user user_invlpg, 1f
1: user user_swapgs, 1f
1: user user_clac, 1f
1: user user_rdtsc, 1f
1: user user_ins, 1f
1: user user_outs, 1f
1: jmp finish

.section .user
user_in: inb $0x10, %al
  int $0x80
user_in64: inb $64, %al
  int $0x80
user_in65: outb %al, $65
  int $0x80
user_word63: inw $63, %ax
  int $0x80
user_word65: inw $65, %ax
  int $0x80
user_long65: inl $65, %eax
  int $0x80
user_long66: outl %eax, $69
  int $0x80
user_last: movl $184, %edx
  inb %dx, %al
  int $0x80
user_far: movl $0x3f8, %edx
  outb %al, %dx
  int $0x80
user_cli: cli
  pushfq
  popq %rbx
  int $0x80
user_sti: sti
  pushfq
  popq %rbx
  int $0x80
user_popf: pushq $0x3346^0x100
  popfq
  pushfq
  popq %rbx
  int $0x80
user_hlt: hlt
user_cr: movq %cr0, %rax
user_dr: movq %dr0, %rax
user_clts: clts
user_lmsw: lmsw %ax
user_wrmsr: wrmsr
user_rdmsr: rdmsr
user_wbinvd: wbinvd
user_invlpg: invlpg USER_PAGE
user_swapgs: swapgs
user_clac: clac
user_rdtsc: rdtsc
  int $0x80
user_ins: movl $64, %edx
  movq $ABSENT_PAGE, %rdi
  insb
user_outs: movl $64, %edx
  movq $ABSENT_PAGE, %rsi
  outsb
