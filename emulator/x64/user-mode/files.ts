import { Errno, failure } from "./errno.js";
import { Directory, FileData, O_ACCMODE, type OpenFile, RegularFile, Stream } from "./open-file.js";

/** Flags of open: include/uapi/asm-generic/fcntl.h. */
const O_CREAT = 0o100;
const O_EXCL = 0o200;
const O_TRUNC = 0o1000;
const O_DIRECTORY = 0o200000;

const MOST_DESCRIPTORS = 256;

/** The files that a program finds and makes, and its descriptors. All in memory. */
export class Files {
  readonly #files = new Map<string, FileData>();
  readonly #descriptors = new Map<number, OpenFile>();
  readonly #streams: { readonly input: Stream; readonly output: Stream; readonly errors: Stream };
  #nextInode = 1;

  /**
   * @param files by absolute path; a folder is there when some file is below it
   * @param input what the standard input has
   */
  constructor(files: ReadonlyMap<string, Uint8Array>, input: Uint8Array) {
    for (const [path, bytes] of files) {
      this.#files.set(path, new FileData(this.#nextInode++, bytes));
    }
    this.#streams = {
      input: Stream.reading(this.#nextInode++, input),
      output: Stream.writing(this.#nextInode++),
      errors: Stream.writing(this.#nextInode++),
    };
    this.#descriptors.set(0, this.#streams.input);
    this.#descriptors.set(1, this.#streams.output);
    this.#descriptors.set(2, this.#streams.errors);
  }

  get output(): Uint8Array {
    return this.#streams.output.bytes;
  }

  get errors(): Uint8Array {
    return this.#streams.errors.bytes;
  }

  /** All files as they are now, by absolute path. */
  contents(): Map<string, Uint8Array> {
    return new Map([...this.#files].map(([path, data]) => [path, data.bytes.slice()]));
  }

  /** @returns a descriptor, or the negative of an error's number */
  open(path: string, flags: number): number {
    const found = this.find(path);
    if (found?.kind === "directory") {
      return (flags & O_ACCMODE) === 0 ? this.add(found) : failure(Errno.EISDIR);
    }
    if ((flags & O_DIRECTORY) !== 0) return failure(found ? Errno.ENOTDIR : Errno.ENOENT);
    let data = this.#files.get(absolute(path));
    if (data === undefined) {
      if ((flags & O_CREAT) === 0) return failure(Errno.ENOENT);
      data = new FileData(this.#nextInode++, new Uint8Array());
      this.#files.set(absolute(path), data);
    } else if ((flags & O_CREAT) !== 0 && (flags & O_EXCL) !== 0) return failure(Errno.EEXIST);
    if ((flags & O_TRUNC) !== 0) data.resize(0);
    return this.add(new RegularFile(data, flags));
  }

  /** What is at a path, for stat. */
  find(path: string): OpenFile | undefined {
    const name = absolute(path);
    const data = this.#files.get(name);
    if (data !== undefined) return new RegularFile(data, 0);
    const folder = name === "/" ? "/" : `${name}/`;
    const isThere = name === "/" || [...this.#files.keys()].some((one) => one.startsWith(folder));
    return isThere ? new Directory(folder.length) : undefined;
  }

  remove(path: string): number {
    return this.#files.delete(absolute(path)) ? 0 : failure(Errno.ENOENT);
  }

  rename(from: string, to: string): number {
    const data = this.#files.get(absolute(from));
    if (data === undefined) return failure(Errno.ENOENT);
    this.#files.delete(absolute(from));
    this.#files.set(absolute(to), data);
    return 0;
  }

  descriptor(number: number): OpenFile | undefined {
    return this.#descriptors.get(number);
  }

  close(number: number): number {
    return this.#descriptors.delete(number) ? 0 : failure(Errno.EBADF);
  }

  /** Gives the lowest free descriptor, or that one. */
  add(file: OpenFile, from = 0): number {
    let number = from;
    while (this.#descriptors.has(number)) number++;
    if (number >= MOST_DESCRIPTORS) return failure(Errno.EMFILE);
    this.#descriptors.set(number, file);
    return number;
  }

  /** dup2: `to` is closed first. */
  replace(from: number, to: number): number {
    const file = this.#descriptors.get(from);
    if (file === undefined || to < 0 || to >= MOST_DESCRIPTORS) return failure(Errno.EBADF);
    this.#descriptors.set(to, file);
    return to;
  }

  /** @returns the descriptors of both ends, or the negative of an error's number */
  pipe(): { readonly reading: number; readonly writing: number } | number {
    const { reader, writer } = Stream.pipe(this.#nextInode++);
    const reading = this.add(reader);
    if (reading < 0) return reading;
    const writing = this.add(writer);
    if (writing >= 0) return { reading, writing };
    this.close(reading);
    return writing;
  }
}

/** Programs begin in `/`; there are no links, so that `..` can be taken off. */
function absolute(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
