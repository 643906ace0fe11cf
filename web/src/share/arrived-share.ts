import { type ReadonlySignal, signal } from "@preact/signals";
import { isShareFragment } from "./share-fragment.js";
import { ShareLinkError } from "./share-link-error.js";
import type { SharedFolder } from "./shared-folder.js";

/** What came with the page's address. */
export type Arrived =
  | { readonly kind: "folder"; readonly folder: SharedFolder }
  | { readonly kind: "problem"; readonly message: string };

/** The page's address, as far as share links go. */
export interface ShareAddress {
  /** With its `#`. */
  readonly fragment: string;
  /** Takes the fragment away; the page stays where it is. */
  clear(): void;
}

type Open = (fragment: string) => SharedFolder;

/** A share link that the page was opened with, until a person has decided what becomes of it. */
export class ArrivedShare {
  readonly #address: ShareAddress;
  readonly #loadOpen: () => Promise<Open>;
  readonly #arrived = signal<Arrived | undefined>(undefined);
  readonly arrived: ReadonlySignal<Arrived | undefined> = this.#arrived;

  /** @param loadOpen fetches what opens a fragment; only those who come by a link need it */
  constructor(address: ShareAddress, loadOpen: () => Promise<Open>) {
    this.#address = address;
    this.#loadOpen = loadOpen;
  }

  /** Looks whether the address has a link in it: at the start, and when it has changed. */
  async look(): Promise<void> {
    const { fragment } = this.#address;
    if (!isShareFragment(fragment)) return;
    const arrived = await this.#open(fragment);
    // Another one came meanwhile.
    if (this.#address.fragment === fragment) this.#arrived.value = arrived;
  }

  /** It was taken, or discarded. */
  decided(): void {
    this.#arrived.value = undefined;
    if (isShareFragment(this.#address.fragment)) this.#address.clear();
  }

  async #open(fragment: string): Promise<Arrived> {
    let open: Open;
    try {
      open = await this.#loadOpen();
    } catch {
      const message =
        "What opens share links could not be downloaded. Check that you are online, then reload " +
        "the page.";
      return { kind: "problem", message };
    }
    try {
      return { kind: "folder", folder: open(fragment) };
    } catch (error) {
      if (!(error instanceof ShareLinkError)) throw error;
      return { kind: "problem", message: error.message };
    }
  }
}
