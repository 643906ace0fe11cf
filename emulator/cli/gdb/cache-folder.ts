import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where files are kept that can be made anew: by the XDG Base Directory Specification, and what
 * stands for it on macOS and Windows.
 */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = env;
  // The specification has relative paths passed over.
  if (XDG_CACHE_HOME?.startsWith("/")) return join(XDG_CACHE_HOME, "kspace");
  const home = env.HOME ?? homedir();
  if (platform === "darwin") return join(home, "Library", "Caches", "kspace");
  if (platform === "win32") return join(LOCALAPPDATA ?? join(home, "AppData", "Local"), "kspace");
  return join(home, ".cache", "kspace");
}
