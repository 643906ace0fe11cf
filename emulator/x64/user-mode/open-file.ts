import { Errno, failure } from "./errno.js";

/** Flags of open: include/uapi/asm-generic/fcntl.h. */
export const O_ACCMODE = 0o3;
const O_WRONLY = 0o1;
const O_APPEND = 0o2000;

const SMALLEST_FILE = 4096;

export type FileKind = "file" | "directory" | "pipe";

/** What a descriptor is open on: a file's bytes, or a stream that has no place. */
export interface OpenFile {
  readonly kind: FileKind;
  /** For stat: of the same file always the same. */
  readonly inode: number;
  readonly size: number;
  /** O_RDONLY, O_WRONLY or O_RDWR. */
  readonly accessMode: number;
  /** @returns the bytes, none at the end, or `undefined`: it is not for reading */
  read(length: number): Uint8Array | undefined;
  /** @returns whether it is for writing */
  write(bytes: Uint8Array): boolean;
  /** @param whence 0: from the start, 1: from where it is, 2: from the end */
  seek(offset: number, whence: number): number;
  truncate(size: number): number;
}

/** The bytes of a file that grows. */
export class FileData {
  readonly inode: number;
  #bytes: Uint8Array;
  #size: number;

  constructor(inode: number, bytes: Uint8Array) {
    this.inode = inode;
    this.#bytes = bytes.slice();
    this.#size = bytes.length;
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }

  write(at: number, bytes: Uint8Array): void {
    const end = Math.max(this.#size, at + bytes.length);
    this.#reserve(end);
    this.#bytes.set(bytes, at);
    this.#size = end;
  }

  resize(size: number): void {
    this.#reserve(size);
    if (size < this.#size) this.#bytes.fill(0, size, this.#size);
    this.#size = size;
  }

  #reserve(size: number): void {
    if (size <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(size, this.#bytes.length * 2, SMALLEST_FILE));
    larger.set(this.bytes);
    this.#bytes = larger;
  }
}

export class RegularFile implements OpenFile {
  readonly kind = "file";
  readonly #data: FileData;
  readonly #flags: number;
  #position = 0;

  constructor(data: FileData, flags: number) {
    this.#data = data;
    this.#flags = flags;
  }

  get inode(): number {
    return this.#data.inode;
  }

  get accessMode(): number {
    return this.#flags & O_ACCMODE;
  }

  get size(): number {
    return this.#data.size;
  }

  read(length: number): Uint8Array | undefined {
    if (this.accessMode === O_WRONLY) return undefined;
    const bytes = this.#data.bytes.slice(this.#position, this.#position + length);
    this.#position += bytes.length;
    return bytes;
  }

  write(bytes: Uint8Array): boolean {
    if (this.accessMode === 0) return false;
    if ((this.#flags & O_APPEND) !== 0) this.#position = this.size;
    this.#data.write(this.#position, bytes);
    this.#position += bytes.length;
    return true;
  }

  seek(offset: number, whence: number): number {
    const from = [0, this.#position, this.size][whence];
    if (from === undefined || from + offset < 0) return failure(Errno.EINVAL);
    this.#position = from + offset;
    return this.#position;
  }

  truncate(size: number): number {
    if (this.accessMode === 0 || size < 0) return failure(Errno.EINVAL);
    this.#data.resize(size);
    return 0;
  }
}

export class Directory implements OpenFile {
  readonly kind = "directory";
  readonly inode: number;
  readonly size = 0;
  readonly accessMode = 0;

  constructor(inode: number) {
    this.inode = inode;
  }

  read(): undefined {
    return undefined;
  }

  write(): boolean {
    return false;
  }

  seek(): number {
    return 0;
  }

  truncate(): number {
    return failure(Errno.EISDIR);
  }
}

/** What one end writes the other reads: of a pipe of one program, and of its standard streams. */
export class Stream implements OpenFile {
  readonly kind = "pipe";
  readonly inode: number;
  readonly #data: FileData;
  readonly #end: "read" | "write";
  #position = 0;

  private constructor(data: FileData, end: "read" | "write") {
    this.inode = data.inode;
    this.#data = data;
    this.#end = end;
  }

  /** Both ends of a pipe. */
  static pipe(inode: number): { readonly reader: Stream; readonly writer: Stream } {
    const data = new FileData(inode, new Uint8Array());
    return { reader: new Stream(data, "read"), writer: new Stream(data, "write") };
  }

  static reading(inode: number, bytes: Uint8Array): Stream {
    return new Stream(new FileData(inode, bytes), "read");
  }

  static writing(inode: number): Stream {
    return new Stream(new FileData(inode, new Uint8Array()), "write");
  }

  get accessMode(): number {
    return this.#end === "read" ? 0 : O_WRONLY;
  }

  /** All that was ever written. */
  get bytes(): Uint8Array {
    return this.#data.bytes.slice();
  }

  get size(): number {
    return 0;
  }

  read(length: number): Uint8Array | undefined {
    if (this.#end === "write") return undefined;
    const bytes = this.#data.bytes.slice(this.#position, this.#position + length);
    this.#position += bytes.length;
    return bytes;
  }

  write(bytes: Uint8Array): boolean {
    if (this.#end === "read") return false;
    this.#data.write(this.#data.size, bytes);
    return true;
  }

  seek(): number {
    return failure(Errno.ESPIPE);
  }

  truncate(): number {
    return failure(Errno.EINVAL);
  }
}
