/** Browsers without what the page needs. */
import { builtFile } from "./support/built-file.js";
import { expect, test } from "./support/lab-test.js";

for (const [what, global] of [
  ["WebAssembly", "WebAssembly"],
  ["web workers", "Worker"],
  ["DecompressionStream", "DecompressionStream"],
] as const) {
  test(`without ${what}: says what is missing, and the course can be read`, async ({
    lab,
    page,
    site,
  }) => {
    await page.addInitScript((name) => Reflect.deleteProperty(globalThis, name), global);
    await page.goto(site.address);
    await expect(page.getByRole("alert")).toContainText(`This browser lacks ${what}`);
    await expect(page.getByRole("alert")).toContainText("current versions of Firefox, Chrome");
    // Another try would end in the same way.
    await expect(page.getByRole("button", { name: "Try again" })).toBeHidden();
    await lab.section(3).click();
    await expect(lab.pane("Course")).toContainText("hello_lock is taken around every access");
    await expect(lab.nextStepAction()).toBeDisabled();
  });
}

test("a browser that runs no such scripts is told to be too old", async ({ page, site }) => {
  // What a browser sees that knows no modules: it does not even ask for them.
  await page.route(/\.js$/, (route) =>
    route.request().resourceType() === "script" && !route.request().url().endsWith("start-up.js")
      ? route.fulfill({ contentType: "text/javascript", body: "" })
      : route.continue(),
  );
  await page.goto(site.address);
  await expect(page.locator("#app")).toContainText(/the browser is too old: it takes Chrome/);
});

for (const [what, name] of [
  ["first script", /^index-.*\.js$/],
  ["page", /^page-[\w-]{8}\.js$/],
  ["worker", /^lab-worker-.*\.js$/],
] as const) {
  test(`the ${what} does not come: says so, and a reload helps`, async ({
    lab,
    page,
    site,
    expectedErrors,
  }) => {
    expectedErrors.push(/^error: Failed to load resource/);
    site.breakFile(await builtFile(name), { kind: "missing" });
    await page.goto(site.address);
    await expect(page.getByRole("alert")).toContainText(
      /could not be downloaded\. Check that you are online, then reload the page\./,
    );
    site.mend();
    await page.reload();
    await lab.isReady();
  });
}
