export type ShareLinkErrorCode =
  /** Not what was sent: cut off, changed, or never a link of ours. */
  | "damaged"
  /** Of a form that this version of the page does not know. */
  | "newer"
  /** More than a link may hold. */
  | "too-large"
  /** With a name, or a content, that no folder of sources has. */
  | "refused";

/** A share link that cannot be made or opened; the message says what to do. */
export class ShareLinkError extends Error {
  override readonly name = "ShareLinkError";
  readonly code: ShareLinkErrorCode;

  constructor(code: ShareLinkErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
