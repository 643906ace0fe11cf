/**
 * What an image is called on a web server, by its path in the image set. Some servers send a file
 * that is named `.gz` as one that they have compressed, and the browser then unpacks it: what the
 * page gets is not the file any more that the manifest describes.
 */
export function publishedName(path: string): string {
  return path.endsWith(".gz") ? `${path}.bin` : path;
}

/** The path in the image set of what a server calls so. */
export function pathOfPublished(name: string): string {
  return name.endsWith(".gz.bin") ? name.slice(0, -".bin".length) : name;
}
