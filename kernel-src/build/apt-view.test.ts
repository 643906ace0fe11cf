import { expect, test } from "vitest";
import { debianSources, parseMadison } from "./apt-view.js";

test("takes Debian's archives from the system's, and no other", () => {
  const targets = [
    "Debian|http://mirror.example/debian/|bookworm|main",
    "Debian|http://mirror.example/debian/|bookworm|main",
    "Somebody|http://other.example/|stable|main",
    "",
  ].join("\n");
  const signed = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]";
  expect(debianSources(targets, ["deb", "deb-src"])).toBe(
    `deb ${signed} http://mirror.example/debian/ bookworm main\n` +
      `deb-src ${signed} http://mirror.example/debian/ bookworm main\n`,
  );
});

test("reads the binary versions out of what apt-cache madison prints", () => {
  const output = `linux-source-6.1 |  6.1.176-1 | http://mirror.example/debian bookworm/main amd64 Packages
linux-source-6.1 |  6.1.170-3 | http://mirror.example/debian bookworm/main amd64 Packages
linux-source-6.1 |  6.1.176-1 | http://mirror.example/debian bookworm/main i386 Packages
     linux |    6.1.4-1 | http://mirror.example/debian bookworm/main Sources
`;
  expect(parseMadison(output)).toEqual(["6.1.176-1", "6.1.170-3"]);
  expect(parseMadison("")).toEqual([]);
});
