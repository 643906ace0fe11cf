import { Fd, Inode, wasi } from "@bjorn3/browser_wasi_shim";
import { type FileNode, type Node, normalPath } from "./file-layer.js";
import type { FileFailure, ProgramFiles } from "./program-files.js";

/**
 * Descriptors of WASI preview 1 over `ProgramFiles`, in the form that the shim wants them (its names are those
 * of the specification: WASI/legacy/preview1/docs.md).
 */

const ERRNO: Readonly<Record<FileFailure, number>> = {
  "not-found": wasi.ERRNO_NOENT,
  exists: wasi.ERRNO_EXIST,
  "not-a-folder": wasi.ERRNO_NOTDIR,
  "is-a-folder": wasi.ERRNO_ISDIR,
  "not-empty": wasi.ERRNO_NOTEMPTY,
  "read-only": wasi.ERRNO_ACCES,
  "no-space": wasi.ERRNO_NOSPC,
};

function errno(failure: FileFailure | undefined): number {
  return failure === undefined ? wasi.ERRNO_SUCCESS : ERRNO[failure];
}

function filestat(node: Node): wasi.Filestat {
  return node.kind === "file"
    ? new wasi.Filestat(node.number, wasi.FILETYPE_REGULAR_FILE, BigInt(node.size))
    : new wasi.Filestat(node.number, wasi.FILETYPE_DIRECTORY, 0n);
}

/** An open file. It holds the file itself: a name may go away in the meantime. */
class OpenFile extends Fd {
  readonly #files: ProgramFiles;
  readonly #node: FileNode;
  #position = 0;

  constructor(files: ProgramFiles, node: FileNode) {
    super();
    this.#files = files;
    this.#node = node;
  }

  override fd_fdstat_get() {
    const fdstat = new wasi.Fdstat(wasi.FILETYPE_REGULAR_FILE, 0);
    return { ret: wasi.ERRNO_SUCCESS, fdstat };
  }

  override fd_filestat_get() {
    return { ret: wasi.ERRNO_SUCCESS, filestat: filestat(this.#node) };
  }

  override fd_filestat_set_size(size: bigint): number {
    return errno(this.#files.resize(this.#node, Number(size)));
  }

  override fd_filestat_set_times(): number {
    return wasi.ERRNO_SUCCESS; // Files have no times here.
  }

  override fd_read(size: number) {
    const read = this.fd_pread(size, BigInt(this.#position));
    this.#position += read.data.length;
    return read;
  }

  override fd_pread(size: number, offset: bigint) {
    const start = Math.min(Number(offset), this.#node.size);
    const data = this.#node.bytes.subarray(start, Math.min(start + size, this.#node.size));
    return { ret: wasi.ERRNO_SUCCESS, data };
  }

  override fd_seek(offset: bigint, whence: number) {
    const from =
      whence === wasi.WHENCE_SET
        ? 0
        : whence === wasi.WHENCE_CUR
          ? this.#position
          : this.#node.size;
    const position = from + Number(offset);
    if (position < 0) return { ret: wasi.ERRNO_INVAL, offset: 0n };
    this.#position = position;
    return { ret: wasi.ERRNO_SUCCESS, offset: BigInt(position) };
  }

  override fd_tell() {
    return { ret: wasi.ERRNO_SUCCESS, offset: BigInt(this.#position) };
  }

  override fd_write(data: Uint8Array) {
    const written = this.fd_pwrite(data, BigInt(this.#position));
    this.#position += written.nwritten;
    return written;
  }

  override fd_pwrite(data: Uint8Array, offset: bigint) {
    const ret = errno(this.#files.write(this.#node, Number(offset), data));
    return { ret, nwritten: ret === wasi.ERRNO_SUCCESS ? data.length : 0 };
  }

  override fd_sync(): number {
    return wasi.ERRNO_SUCCESS;
  }
}

/** A file between its old and its new name: the shim renames by unlinking and linking. */
class NamelessFile extends Inode {
  readonly node: FileNode;

  constructor(node: FileNode) {
    super();
    this.node = node;
  }

  override stat() {
    return filestat(this.node);
  }

  override path_open() {
    return { ret: wasi.ERRNO_NOTSUP, fd_obj: null }; // It is only ever linked again.
  }
}

/** The rights of WASI's first preview are bits 0 to 28. */
const ALL_RIGHTS = (1n << 29n) - 1n;

/** An open folder; all paths are relative to it. */
class OpenFolder extends Fd {
  readonly #files: ProgramFiles;
  readonly #folder: string;
  #names: string[] | undefined;

  constructor(files: ProgramFiles, folder: string) {
    super();
    this.#files = files;
    this.#folder = folder;
  }

  #absolute(path: string): string {
    return normalPath(`${this.#folder}/${path}`);
  }

  override fd_fdstat_get() {
    const fdstat = new wasi.Fdstat(wasi.FILETYPE_DIRECTORY, 0);
    // wasi-libc asks for no right that the folder cannot hand on, and its access() wants to see
    // them: clang uses no linker that it may not read.
    fdstat.fs_rights_inherited = ALL_RIGHTS;
    return { ret: wasi.ERRNO_SUCCESS, fdstat };
  }

  override fd_filestat_get() {
    return this.path_filestat_get(0, ".");
  }

  override fd_readdir_single(cookie: bigint) {
    // The list as it was at the first call: a cookie is a place in it.
    if (cookie === 0n) this.#names = this.#files.names(this.#folder);
    const name = this.#names?.[Number(cookie)];
    const node = name === undefined ? undefined : this.#files.find(this.#absolute(name));
    if (name === undefined || node === undefined) return { ret: wasi.ERRNO_SUCCESS, dirent: null };
    const { ino, filetype } = filestat(node);
    const dirent = new wasi.Dirent(cookie + 1n, ino, name, filetype);
    return { ret: wasi.ERRNO_SUCCESS, dirent };
  }

  override path_filestat_get(_flags: number, path: string) {
    const node = this.#files.find(this.#absolute(path));
    return node === undefined
      ? { ret: wasi.ERRNO_NOENT, filestat: null }
      : { ret: wasi.ERRNO_SUCCESS, filestat: filestat(node) };
  }

  override path_filestat_set_times(): number {
    return wasi.ERRNO_SUCCESS;
  }

  override path_open(_dirflags: number, path: string, oflags: number, rights: bigint) {
    const failed = (ret: number) => ({ ret, fd_obj: null });
    const name = this.#absolute(path);
    const found = this.#files.find(name);
    if (found === undefined && (oflags & wasi.OFLAGS_CREAT) === 0) return failed(wasi.ERRNO_NOENT);
    if (found !== undefined && (oflags & wasi.OFLAGS_EXCL) !== 0) return failed(wasi.ERRNO_EXIST);
    const node = found ?? this.#files.createFile(name);
    if (typeof node === "string") return failed(errno(node));
    if (node.kind === "folder") {
      return { ret: wasi.ERRNO_SUCCESS, fd_obj: new OpenFolder(this.#files, name) };
    }
    if ((oflags & wasi.OFLAGS_DIRECTORY) !== 0) return failed(wasi.ERRNO_NOTDIR);
    const writes = (rights & BigInt(wasi.RIGHTS_FD_WRITE)) !== 0n;
    const empties = (oflags & wasi.OFLAGS_TRUNC) !== 0;
    if (writes && !empties && !node.writable) return failed(wasi.ERRNO_ACCES);
    const opened = empties ? this.#files.emptied(name, node) : node;
    return { ret: wasi.ERRNO_SUCCESS, fd_obj: new OpenFile(this.#files, opened) };
  }

  override path_create_directory(path: string): number {
    return errno(this.#files.createFolder(this.#absolute(path)));
  }

  override path_remove_directory(path: string): number {
    return errno(this.#files.removeFolder(this.#absolute(path)));
  }

  override path_unlink_file(path: string): number {
    return this.path_unlink(path).ret;
  }

  override path_unlink(path: string) {
    const node = this.#files.unlink(this.#absolute(path));
    return typeof node === "string"
      ? { ret: errno(node), inode_obj: null }
      : { ret: wasi.ERRNO_SUCCESS, inode_obj: new NamelessFile(node) };
  }

  override path_link(path: string, file: Inode): number {
    if (!(file instanceof NamelessFile)) return wasi.ERRNO_NOTSUP;
    return errno(this.#files.link(this.#absolute(path), file.node));
  }

  override path_readlink() {
    return { ret: wasi.ERRNO_INVAL, data: null }; // Nothing is a symbolic link.
  }
}

/** The one folder that a program starts with: everything. */
export class RootFolder extends OpenFolder {
  constructor(files: ProgramFiles) {
    super(files, "/");
  }

  override fd_prestat_get() {
    return { ret: wasi.ERRNO_SUCCESS, prestat: wasi.Prestat.dir("/") };
  }
}

/** Standard input, with nothing in it. */
export class NoInput extends Fd {
  override fd_fdstat_get() {
    const fdstat = new wasi.Fdstat(wasi.FILETYPE_CHARACTER_DEVICE, 0);
    return { ret: wasi.ERRNO_SUCCESS, fdstat };
  }

  override fd_read() {
    return { ret: wasi.ERRNO_SUCCESS, data: new Uint8Array() };
  }
}

/** Standard output or error: kept up to a limit, and what is more is only counted. */
export class Output extends Fd {
  readonly #limit: number;
  readonly #pieces: Uint8Array[] = [];
  #kept = 0;
  /** Bytes that were written behind the limit. */
  dropped = 0;

  constructor(limit: number) {
    super();
    this.#limit = limit;
  }

  /** What was written, up to the limit; with what is no UTF-8 replaced. */
  get text(): string {
    const decoder = new TextDecoder();
    const parts = this.#pieces.map((piece) => decoder.decode(piece, { stream: true }));
    return parts.join("") + decoder.decode();
  }

  override fd_fdstat_get() {
    const fdstat = new wasi.Fdstat(wasi.FILETYPE_CHARACTER_DEVICE, 0);
    return { ret: wasi.ERRNO_SUCCESS, fdstat };
  }

  override fd_write(data: Uint8Array) {
    const kept = data.slice(0, this.#limit - this.#kept);
    if (kept.length > 0) this.#pieces.push(kept);
    this.#kept += kept.length;
    this.dropped += data.length - kept.length;
    return { ret: wasi.ERRNO_SUCCESS, nwritten: data.length };
  }
}
