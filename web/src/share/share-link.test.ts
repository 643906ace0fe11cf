import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { fromBase64url, toBase64url } from "./base64url.js";
import { isShareFragment } from "./share-fragment.js";
import { LONGEST_LINK, makeShareLink, openShareFragment } from "./share-link.js";
import { ShareLinkError } from "./share-link-error.js";
import type { SharedFolder } from "./shared-folder.js";

const PAGE = "https://example.org/lab/";
const FOLDER: SharedFolder = { name: "2-fops", files: [{ path: "a.c", text: "int x;\n" }] };

/** Made by Python's zlib and base64: links of version 1 open for good. */
const FIRST =
  "#share=1.PnG_LuM01s3JT87OzEtnz0jNycnXSzZSzsxLzilNSVWwycnMK63Qz81PKc1J1cuw4-Ly9XcJ9XGN9_F0dvULdtVQ" +
  "cg_wUdK05hKE6tBPLzq87fB8oNoDTMopqWmZeakKwZ5RrgqGZlyjfNL4HL6J2UCRnFQGAA";

function errorOf(work: () => unknown): ShareLinkError | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof ShareLinkError) return error;
    throw error;
  }
  return undefined;
}

/** Text that nothing packs. */
function noise(length: number): SharedFolder {
  const text = randomBytes(length).toString("base64").slice(0, length);
  return { name: "noise", files: [{ path: "a.c", text }] };
}

describe("a link", () => {
  it("opens what it was made of, whatever the page's address had behind it", () => {
    for (const page of [PAGE, `${PAGE}#`, `${PAGE}#share=1.abc`, `${PAGE}?x=1#top`]) {
      const { address } = makeShareLink(page, FOLDER);
      const { hash, search, pathname } = new URL(address);
      expect(isShareFragment(hash)).toBe(true);
      expect(openShareFragment(hash)).toEqual(FOLDER);
      expect([pathname, search]).toEqual(["/lab/", ""]);
    }
  });

  it("has no character that an address or a chat would change", () => {
    const { address } = makeShareLink(PAGE, noise(3000));
    expect(new URL(address).href).toBe(address);
    expect(address).toMatch(/^https:\/\/example\.org\/lab\/#share=1\.[A-Za-z0-9_-]+$/);
  });

  it("of the first version opens", () => {
    expect(openShareFragment(FIRST)).toEqual({
      name: "3-locking",
      files: [
        { path: "hello.c", text: '#include <linux/module.h>\n\nMODULE_LICENSE("GPL");\n' },
        { path: "include/größe.h", text: "#define SIZE 16\n".repeat(20) },
        { path: "Makefile", text: "" },
      ],
    });
  });
});

describe("how long it is", () => {
  it("is said, with where it goes through", () => {
    const advice = (length: number) => makeShareLink(PAGE, noise(length)).advice;
    expect(advice(100)).toMatch(/^\d{3} characters\. It fits into a message of any chat\.$/);
    expect(advice(2000)).toMatch(/^2,\d{3} characters\. Most chats take it/);
    expect(advice(10_000)).toMatch(/^1\d,\d{3} characters\. Chats cut/);
  });

  it("has a limit, and then one is told what to do", () => {
    const error = errorOf(() => makeShareLink(PAGE, noise(LONGEST_LINK)));
    expect(error?.code).toBe("too-large");
    expect(error?.message).toContain("as a zip");
  });
});

describe("a fragment that is no link of ours", () => {
  it.each(["", "#", "#top", "#share", "#Share=1.abc"])("%j is left alone", (fragment) => {
    expect(isShareFragment(fragment)).toBe(false);
  });

  it.each([
    ["#share=", "damaged"],
    ["#share=1", "damaged"],
    ["#share=1.", "damaged"],
    ["#share=.abcd", "damaged"],
    ["#share=1.a", "damaged"],
    ["#share=1.<img src=x onerror=alert(1)>", "damaged"],
    ["#share=1.%3Cscript%3E", "damaged"],
    ["#share=1.AAAA=AAA", "damaged"],
    ["#share=__proto__.AAAA", "damaged"],
    ["#share=2.AAAA", "newer"],
    ["#share=0.AAAA", "newer"],
    ["#share=9999.x", "newer"],
    [FIRST.slice(0, -1), "damaged"],
    [FIRST.slice(0, -40), "damaged"],
    [`${FIRST})`, "damaged"],
    [`#share=1.${"A".repeat(LONGEST_LINK)}`, "too-large"],
  ])("%j is told as %s", (fragment, code) => {
    expect(isShareFragment(fragment)).toBe(true);
    expect(errorOf(() => openShareFragment(fragment))?.code).toBe(code);
  });
});

it("refuses any other fragment with a reason, and does nothing else", () => {
  for (let round = 0; round < 5_000; round++) {
    const bytes = randomBytes(round % 200);
    const content = round % 2 === 0 ? bytes.toString("base64url") : bytes.toString("latin1");
    const error = errorOf(() =>
      openShareFragment(`#share=${round % 3 === 0 ? "" : "1."}${content}`),
    );
    expect(error?.message.length).toBeGreaterThan(20);
  }
});

describe("base64url", () => {
  it("is Node's, for any bytes", () => {
    for (let length = 0; length < 260; length++) {
      const bytes = randomBytes(length);
      expect(toBase64url(bytes)).toBe(bytes.toString("base64url"));
      expect(fromBase64url(bytes.toString("base64url"))).toEqual(Uint8Array.from(bytes));
    }
  });

  it.each(["a", "abcde", "ab=", "ab==", "a+b/", "a b", "äb", "ab\n"])("is not %j", (text) => {
    expect(fromBase64url(text)).toBeUndefined();
  });
});
