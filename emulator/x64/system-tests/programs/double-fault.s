# Which two exceptions are a double fault: SDM vol. 3A, table 6-5.
.include "common.inc"
.section .text
main:
  gate 8, 0x8e01
  # #GP, then #NP of its gate.
  gate 13, 0x0e00
  movabsq $NOT_CANONICAL, %rbx
  attempt movb (%rbx), %al
  # #DE, then #NP.
  gate 0, 0x0e00
  xorl %ecx, %ecx
  attempt div %ecx
  # #UD, then #NP: that one is delivered by itself.
  gate 6, 0x0e00
  attempt ud2
  # #PF, then #NP.
  gate 14, 0x0e00
  attempt movb ABSENT_PAGE, %al
  gate 14, 0x8e00
  gate 13, 0x8e00
  gate 0, 0x8e00
  gate 6, 0x8e00
  # #PF on the stack, while one is delivered: of #PF, of #GP, of #UD.
  movq $ABSENT_PAGE + 0x100, %rsp
  attempt movb ABSENT_PAGE, %al
  movq $ABSENT_PAGE + 0x100, %rsp
  attempt movb (%rbx), %al
  gate 14, 0x8e02
  movq $ABSENT_PAGE + 0x100, %rsp
  attempt ud2
  movq $ABSENT_PAGE + 0x100, %rsp
  attempt movb (%rbx), %al
  movq $ABSENT_PAGE + 0x100, %rsp
  attempt int $0x80
  # A stack that is not canonical, while #UD and #PF are delivered.
  movq %rbx, %rsp
  attempt ud2
  movq %rbx, %rsp
  gate 14, 0x8e00
  attempt movb ABSENT_PAGE, %al
  jmp finish
