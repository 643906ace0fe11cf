/** How the fragment of a share link begins; a version, a dot and a folder follow. */
export const SHARE_PREFIX = "#share=";

/** @param fragment of the page's address, with its `#` */
export function isShareFragment(fragment: string): boolean {
  return fragment.startsWith(SHARE_PREFIX);
}
