/** Some of a kernel's headers: fetched all at once, when one of them is first included. */
export interface HeaderPack {
  readonly name: string;
  readonly holds: (path: string) => boolean;
}

/** Parts of the kernel whose headers a module for no device of theirs does not include. */
const SUBSYSTEM =
  /^include\/(uapi\/)?(acpi|drm|dt-bindings|media|misc|net|pcmcia|rdma|scsi|soc|sound|target|ufs|video|xen|linux\/(mfd|mlx5|mlx4|platform_data|qed|soc|usb|iio|firmware))\//;

/**
 * The packs, in the order in which they are asked whether they hold a header. The first is what
 * every build fetches.
 *
 * @param common paths of what the modules at hand include, from the top of the kernel's tree
 */
export function headerPacks(common: ReadonlySet<string>): HeaderPack[] {
  return [
    { name: "common", holds: (path) => common.has(path) },
    { name: "subsystems", holds: (path) => SUBSYSTEM.test(path) },
    { name: "others", holds: () => true },
  ];
}

/** Sorts paths into packs. */
export function divideHeaders(
  paths: readonly string[],
  packs: readonly HeaderPack[],
): Map<HeaderPack, string[]> {
  const divided = new Map<HeaderPack, string[]>(packs.map((pack) => [pack, []]));
  for (const path of paths) {
    const pack = packs.find(({ holds }) => holds(path));
    if (pack !== undefined) divided.get(pack)?.push(path);
  }
  return divided;
}

/**
 * The files that a compiler says its sources depend on.
 *
 * @param rules rules for make, as `clang -M` prints them
 */
export function dependencies(rules: string): string[] {
  return rules
    .replaceAll("\\\n", " ")
    .split("\n")
    .flatMap((rule) => rule.slice(rule.indexOf(": ") + 1).split(" "))
    .filter((path) => path !== "");
}
