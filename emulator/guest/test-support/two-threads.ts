/** Where the program is loaded, below its headers: usual for 32-bit programs. */
const BASE = 0x0804_8000;
const HEADERS = 52 + 32;

/** As an assembler writes it; asm/unistd_32.h and uapi/linux/sched.h for the numbers. */
const CODE = [
  [0xb8, 120, 0, 0, 0], // mov $__NR_clone, %eax
  // mov $(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD), %ebx
  [0xbb, 0x00, 0x0f, 0x01, 0x00],
  [0x31, 0xc9], // xor %ecx, %ecx: the thread uses no stack, so the same will do
  [0x31, 0xd2, 0x31, 0xf6, 0x31, 0xff], // xor %edx, %edx; xor %esi, %esi; xor %edi, %edi
  [0xcd, 0x80], // int $0x80
  [0xb8, 29, 0, 0, 0], // mov $__NR_pause, %eax
  [0xcd, 0x80], // int $0x80
  [0xeb, 0xf7], // jmp to the mov
].flat();

/** A 32-bit program of two threads that wait for ever: ELF, System V ABI chapters 4 and 5. */
export const TWO_THREADS: Uint8Array = buildProgram();

function buildProgram(): Uint8Array {
  const bytes = new Uint8Array(HEADERS + CODE.length);
  const view = new DataView(bytes.buffer);
  const half = (at: number, value: number): void => view.setUint16(at, value, true);
  const word = (at: number, value: number): void => view.setUint32(at, value, true);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  half(16, 2); // ET_EXEC
  half(18, 3); // EM_386
  word(20, 1);
  word(24, BASE + HEADERS);
  word(28, 52);
  half(40, 52);
  half(42, 32);
  half(44, 1);
  word(52, 1); // PT_LOAD
  word(60, BASE);
  word(64, BASE);
  word(68, bytes.length);
  word(72, bytes.length);
  word(76, 5); // PF_R | PF_X
  word(80, 0x1000);
  bytes.set(CODE, HEADERS);
  return bytes;
}
