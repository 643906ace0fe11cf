/** The images that a start from the snapshot reads: their sizes are the length of its progress. */
export const START_FILES: readonly string[] = [
  "bios/bios.bin",
  "i686/kernel.json",
  "i686/course.tar.gz",
  "i686/packs.json.gz",
  "i686/snapshot.bin",
];
