/** What is measured of builds in one run, milliseconds: in Node or in a browser. */
export interface BuildTimes {
  /** The compiler's program, from its packed file to compiled code. */
  readonly compiler: number;
  /** Of the course's hello.c: the compiler is there, all else has still to come. */
  readonly firstModule: number;
  /** Of the same after an edit. */
  readonly warmModule: number;
  /** Of the course's hello-test.c, for which the C library has still to come. */
  readonly firstProgram: number;
  readonly warmProgram: number;
  /** Debian's clang-16, which compiles the same hello.c to an object and does no more. */
  readonly native?: number;
}

export interface BuildBench {
  readonly times: readonly BuildTimes[];
  /** Of all files that the first build of a module reads, packed as they are fetched. */
  readonly firstBytes: number;
  /** Set when there is no native compiler to compare with. */
  readonly whyNoNative?: string;
}
