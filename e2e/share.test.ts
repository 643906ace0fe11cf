/** Links that carry sources: made, opened, and those that nobody should have made. */
import { deflateRawSync, gzipSync } from "node:zlib";
import type { Locator, Page } from "@playwright/test";
import { axeFindsNothing } from "./support/axe.js";
import { LabPage } from "./support/lab-page.js";
import { expect, test } from "./support/lab-test.js";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test("a folder goes by a link into another browser, and beside what is there", async ({
  lab,
  page,
  site,
  browser,
}) => {
  // Two labs, one after the other.
  test.setTimeout(180_000);
  await lab.open(site.address);
  await lab.editFile("2-fops", "hello.c", "/* shared with you */");
  const link = await copyLink(lab);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  expect(link.startsWith(`${site.address}#share=1.`)).toBe(true);
  // Each lab takes a core.
  await page.close();

  await using context = await browser.newContext();
  const other = new LabPage(await context.newPage());
  await other.page.goto(link);
  const preview = previewOf(other.page);
  await expect(preview).toContainText("2-fops");
  await expect(preview.getByRole("button", { name: /^hello\.c (3\.\d|4) kB$/ })).toBeVisible();
  await preview.getByRole("button", { name: /^hello\.c/ }).click();
  await expect(preview.getByRole("region", { name: "Text of hello.c" })).toContainText(
    "shared with you",
  );
  const put = preview.getByRole("button", { name: "Put them into ~/shared/2-fops" });
  await expect(put).toBeEnabled();
  await other.isReady();
  await put.click();
  await expect(preview).toBeHidden();
  const text = other.pane("Editor").getByRole("textbox", { name: /\/shared\/2-fops\/hello\.c\b/ });
  await expect(text).toBeFocused();
  expect(new URL(other.page.url()).hash).toBe("");
  await other.run("tail -n 1 ~/shared/2-fops/hello.c; lsmod | wc -l", /shared with you \*\/\n1$/);
  await other.run("grep -c 'shared with' ~/2-fops/hello.c", /^0$/);
});

test("the same link twice: what is there stays, and both are kept", async ({ lab, page, site }) => {
  const link = linkTo("ring", { "hello.c": "/* from the link */\n" });
  await page.goto(site.address + link);
  const preview = previewOf(page);
  const putInto = async (folder: string): Promise<void> => {
    await preview
      .getByRole("button", { name: `Put them into ~/shared/${folder}`, exact: true })
      .click();
    // The editor shows what has come, and takes the keys when it does.
    const text = lab.pane("Editor").getByRole("textbox", {
      name: new RegExp(`/shared/${folder}/hello\\.c\\b`),
    });
    await expect(text).toBeFocused();
  };
  await putInto("ring");
  await lab.run("echo mine > ~/shared/ring/hello.c");
  await page.evaluate((hash) => {
    location.hash = hash;
  }, link);
  await putInto("ring-2");
  await lab.run("cat ~/shared/ring/hello.c; ls ~/shared", /^mine\nring\s+ring-2/);
  await page.reload();
  await lab.isReady();
  await expect(await lab.openFile("shared/ring-2", "hello.c")).toContainText("from the link");
  await lab.run("cat ~/shared/ring/hello.c", /^mine$/);
});

test("what is discarded leaves nothing, not even in the address", async ({ lab, page, site }) => {
  await page.goto(site.address + linkTo("ring", { "ring.c": "int ring;\n" }));
  const preview = previewOf(page);
  await expect(preview).toContainText("ring");
  await preview.getByRole("button", { name: "Discard" }).click();
  await expect(preview).toBeHidden();
  expect(new URL(page.url()).hash).toBe("");
  await lab.isReady();
  await expect(lab.terminalInput).toBeFocused();
  await lab.run("ls ~/shared", /No such file/);
  await page.reload();
  await lab.isReady();
  await expect(preview).toBeHidden();
});

test("a link in a page that is open, and Escape", async ({ lab, page, site }) => {
  await lab.open(site.address);
  await page.evaluate(
    (hash) => {
      location.hash = hash;
    },
    linkTo("ring", { "ring.c": "int ring;\n" }),
  );
  const preview = previewOf(page);
  await expect(preview.getByRole("heading")).toBeFocused();
  // Until it is decided on, it stays.
  await page.reload();
  await expect(preview).toContainText("ring");
  await page.keyboard.press("Escape");
  await expect(preview).toBeHidden();
  expect(new URL(page.url()).hash).toBe("");
});

test("by the keyboard alone", async ({ lab, page, site }) => {
  await page.goto(site.address + linkTo("ring", { "a.h": "h\n", "ring.c": "int ring;\n" }));
  const preview = previewOf(page);
  const put = preview.getByRole("button", { name: "Put them into ~/shared/ring" });
  await expect(put).toBeEnabled();
  await page.keyboard.press("Tab");
  await expect(preview.getByRole("button", { name: /^a\.h/ })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(preview.getByRole("region", { name: "Text of ring.c" })).toContainText("int ring;");
  for (let count = 0; count < 3; count++) await page.keyboard.press("Tab");
  await expect(put).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(
    lab.pane("Editor").getByRole("textbox", { name: /\/shared\/ring\/ring\.c\b/ }),
  ).toBeFocused();
  await lab.run("ls ~/shared/ring", /^a\.h\s+ring\.c$/);
});

test("a hostile link is text, or is refused with the reason", async ({ lab, page, site }) => {
  await lab.open(site.address);
  const preview = previewOf(page);
  const opens = async (fragment: string): Promise<void> => {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, fragment);
    await expect(preview).toBeVisible();
  };
  const html =
    "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
  await opens(linkTo(html.replaceAll("/", "-"), { [html.replaceAll("/", "-")]: html }));
  await expect(preview.getByRole("region", { name: /^Text of/ })).toContainText("<script>");
  await expect(preview.locator("img, script")).toHaveCount(0);
  await preview.getByRole("button", { name: "Discard" }).click();

  await opens(linkTo("ring", { "a.c": "/*\u202e } \u2066if (x)\u2069 */" }));
  await expect(preview).toContainText("<U+202E>");
  await expect(preview).toContainText("turn its direction");
  await preview.getByRole("button", { name: "Discard" }).click();

  for (const [fragment, why] of [
    [linkTo("ring", { "../../.profile": "x" }), "stands for a folder"],
    [linkTo("ring", { "a.c": "x" }).slice(0, -3), "not whole"],
    ["#share=1.AAAA", "not whole"],
    ["#share=2.AAAA", "another version of kspace"],
    [linkTo("ring", { "a.c": "x".repeat(2 ** 20) }), "at most 256 KiB"],
    [`#share=1.${"A".repeat(100_000)}`, "longer than any link"],
  ] as const) {
    await opens(fragment);
    await expect(preview).toContainText(why);
    await preview.getByRole("button", { name: "Close" }).click();
    await expect(preview).toBeHidden();
    expect(new URL(page.url()).hash).toBe("");
  }
  await expect(page).toHaveTitle(/^kspace/);
  await lab.run("ls ~/shared", /No such file/);
});

test("sources that make too long a link are told what to do", async ({ lab, site }) => {
  await lab.open(site.address);
  await lab.run("dd if=/dev/urandom bs=1k count=30 | base64 > ~/2-fops/noise.h", /copied/);
  await lab.show("Editor");
  const menu = await lab.openFilesMenu("2-fops");
  await menu.getByRole("button", { name: "Copy share link" }).click();
  await expect(menu.getByRole("status").last()).toContainText("Download the folder as a zip");
});

for (const [theme, width] of [
  ["light", 1280],
  ["dark", 360],
] as const) {
  test(`axe finds nothing: ${theme}, ${width} px`, async ({ page, site }) => {
    await page.emulateMedia({ colorScheme: theme });
    await page.setViewportSize({ width, height: 740 });
    await page.goto(site.address + linkTo("ring", { "a.h": "x\u202e", "ring.c": "int x;\n" }));
    const preview = previewOf(page);
    await expect(preview.getByRole("button", { name: /^Put them/ })).toBeEnabled();
    await axeFindsNothing(page);
    const box = await preview.boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? width + 1)).toBeLessThanOrEqual(width);
    await page.keyboard.press("Escape");
    await page.evaluate(() => {
      location.hash = "#share=9.x";
    });
    await expect(preview).toContainText("another version");
    await axeFindsNothing(page);
  });
}

function previewOf(page: Page): Locator {
  return page.getByRole("dialog", { name: /^(Sources that came|The link did not)/ });
}

async function copyLink(lab: LabPage): Promise<string> {
  const menu = await lab.openFilesMenu("2-fops");
  await menu.getByRole("button", { name: "Copy share link" }).click();
  await expect(menu.getByRole("status").last()).toContainText(
    /^Copied: \d,\d{3} characters\..* It carries .*hello\.c/,
  );
  return await menu.getByRole("textbox", { name: "The share link" }).inputValue();
}

/** A link as another program would make it, of anything. */
function linkTo(name: string, files: Readonly<Record<string, string>>): string {
  const texts = [name, ...Object.entries(files).flat()];
  const plain = Buffer.concat(
    texts.map((text) => {
      const bytes = Buffer.from(text);
      return Buffer.concat([leb128(bytes.length), bytes]);
    }),
  );
  // RFC 1952, 2.3: CRC-32 and length are the last of a gzip file.
  const checksum = gzipSync(plain).subarray(-8, -4);
  return `#share=1.${Buffer.concat([checksum, deflateRawSync(plain)]).toString("base64url")}`;
}

function leb128(value: number): Buffer {
  const bytes = [];
  for (; value >= 0x80; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}
