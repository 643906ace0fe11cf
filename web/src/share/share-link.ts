import { fromBase64url, toBase64url } from "./base64url.js";
import { packFolder, unpackFolder } from "./share-format.js";
import { isShareFragment, SHARE_PREFIX } from "./share-fragment.js";
import { ShareLinkError } from "./share-link-error.js";
import type { SharedFolder } from "./shared-folder.js";

/** Of what stands behind it. */
const VERSION = "1";

/**
 * The longest link, in characters. Chromium's address bar shows, and gives to who copies it there,
 * no more than 32 kB (kMaxURLDisplayChars); Safari, Firefox and Chromium follow longer ones.
 */
export const LONGEST_LINK = 32_000;

/** A message of Discord's; most other chats take 4,000 at least, and e-mail takes all. */
const SHORT_LINK = 2_000;
/** Of Telegram's 4,096 and Slack's 4,000, the smaller one. */
const CHAT_LINK = 4_000;

export interface ShareLink {
  readonly address: string;
  /** A sentence on where a link of this length goes through, and where not. */
  readonly advice: string;
}

/**
 * @param page the page's address; what is asked of it by query or fragment is left out
 * @throws ShareLinkError `too-large` or `refused`
 */
export function makeShareLink(page: string, folder: SharedFolder): ShareLink {
  const base = page.replace(/[?#].*$/s, "");
  const address = `${base}${SHARE_PREFIX}${VERSION}.${toBase64url(packFolder(folder))}`;
  if (address.length > LONGEST_LINK) {
    throw new ShareLinkError(
      "too-large",
      `The link would have ${format(address.length)} characters, and browsers are sure to take ` +
        `only ${format(LONGEST_LINK)}. Download the folder as a zip and send that.`,
    );
  }
  return { address, advice: adviceFor(address.length) };
}

/**
 * Opens what a share link carries; it has come from anybody.
 * @param fragment with its `#`
 * @throws ShareLinkError
 */
export function openShareFragment(fragment: string): SharedFolder {
  if (fragment.length > LONGEST_LINK) {
    throw new ShareLinkError("too-large", "It is longer than any link that this page makes.");
  }
  if (!isShareFragment(fragment)) throw incomplete();
  const [, version, content] = /^(\d{1,4})\.(.*)$/s.exec(fragment.slice(SHARE_PREFIX.length)) ?? [];
  if (version === undefined || content === undefined) throw incomplete();
  if (version !== VERSION) {
    throw new ShareLinkError(
      "newer",
      "It was made by another version of kspace than this one. Reload the page, which brings a " +
        "newer version if there is one, and open the link again.",
    );
  }
  const bytes = fromBase64url(content);
  if (bytes === undefined) throw incomplete();
  return unpackFolder(bytes);
}

function adviceFor(length: number): string {
  const start = `${format(length)} characters.`;
  if (length <= SHORT_LINK) return `${start} It fits into a message of any chat.`;
  if (length <= CHAT_LINK) return `${start} Most chats take it in one message, some cut it.`;
  return `${start} Chats cut messages of this length: send it by e-mail, or in a document.`;
}

function format(count: number): string {
  return count.toLocaleString("en");
}

function incomplete(): ShareLinkError {
  return new ShareLinkError(
    "damaged",
    "It is not whole, or no share link of kspace. Ask for it again.",
  );
}
