# A fault while a double fault is delivered: the processor shuts down.
.include "common.inc"
.section .text
main:
  note 1, $1
  gate 8, 0x0e00
  movq $ABSENT_PAGE + 0x100, %rsp
  attempt movb ABSENT_PAGE, %al
  note 2, $2
  jmp finish
