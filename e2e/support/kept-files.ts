/** What the page's service worker keeps, by paths from the page's folder on; it runs in the page. */
export async function keptFiles(): Promise<string[]> {
  const names = await caches.keys();
  const requests = await Promise.all(
    names.map(async (name) => [...(await (await caches.open(name)).keys())]),
  );
  const base = new URL(".", document.baseURI).href;
  return requests.flat().map(({ url }) => url.replace(base, "").replace(/\?.*$/, ""));
}
