import { expect, test } from "vitest";
import { changelogDate } from "./tree.js";

test("the date is that of the newest version", () => {
  const changelog = `linux (6.1.192-2) bookworm-security; urgency=high

  * Something.

 -- Some Body <some@body.example>  Mon, 16 Nov 2026 11:17:40 +0100

linux (6.1.192-1) bookworm-security; urgency=high

 -- Some Body <some@body.example>  Sun, 01 Nov 2026 11:17:40 +0100
`;
  expect(changelogDate(changelog)).toBe(Date.UTC(2026, 10, 16, 10, 17, 40) / 1000);
});

test("a text without one is refused", () => {
  expect(() => changelogDate("")).toThrow("no date");
});
