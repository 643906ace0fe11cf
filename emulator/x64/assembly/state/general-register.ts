/** The general registers by the number that instructions have for them, where an opcode implies one. */
export enum GeneralRegister {
  Rax = 0,
  Rcx = 1,
  Rdx = 2,
  Rbx = 3,
  Rsp = 4,
  Rbp = 5,
  Rsi = 6,
  Rdi = 7,
}
