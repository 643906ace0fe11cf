import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sirv from "sirv";
import { type Handler, imagesHandler } from "./images-handler.js";

/** Where this package has the built page, in a checkout and when installed. */
export const SITE_FOLDER = fileURLToPath(new URL("../../../dist/web", import.meta.url));

/**
 * The page's own policy, which web/index.html has, too, for servers that send no headers. As a
 * header it also holds in the page's workers. web/README.md says why each source is allowed.
 */
export const CONTENT_SECURITY_POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
  "object-src 'none'; base-uri 'none'; form-action 'none'";

const IMAGES_PATH = "/images/";

export interface SiteFolders {
  /** The built page. */
  readonly site: string;
  /** The image set: for a page that was built without, as in the npm package. */
  readonly images: string;
}

export function isBuilt(site: string): boolean {
  return existsSync(join(site, "index.html"));
}

/** Answers requests for the page and its images. */
export function siteHandler({ site, images }: SiteFolders): Handler {
  // "dev" reads the folder at each request, and lets browsers ask each time whether a file is
  // still the same: the page may be built anew meanwhile.
  const page = sirv(site, { dev: true, etag: true, gzip: true });
  const image = imagesHandler(images);
  return (request, response, next) => {
    response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { Allow: "GET, HEAD" }).end();
      return;
    }
    page(request, response, () => {
      const url = request.url ?? "/";
      if (!url.startsWith(IMAGES_PATH)) return next();
      request.url = url.slice(IMAGES_PATH.length - 1);
      image(request, response, next);
    });
  };
}
