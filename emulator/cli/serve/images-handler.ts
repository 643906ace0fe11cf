import type { IncomingMessage, ServerResponse } from "node:http";
import sirv from "sirv";
import { pathOfPublished } from "../../browser/published-name.js";

/** Answers a request, or leaves it to the next handler. */
export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void;

/**
 * Serves the image set under its published names.
 * @param folder where the images are
 */
export function imagesHandler(folder: string): Handler {
  const serve = sirv(folder, {
    // Reads the folder at each request: images may be made anew meanwhile.
    dev: true,
    etag: true,
    setHeaders: (response, pathname) => {
      if (!pathname.endsWith(".gz")) return;
      // sirv takes such a file for one that it shall unpack on the way, and only lets this
      // header be replaced (RFC 9110, 12.5.3: "identity" stands for none).
      response.setHeader("Content-Encoding", "identity");
      response.setHeader("Content-Type", "application/gzip");
    },
  });
  return (request, response, next) => {
    const url = request.url ?? "/";
    request.url = pathOfPublished(url.replace(/\?.*$/, ""));
    serve(request, response, () => {
      request.url = url;
      next();
    });
  };
}
