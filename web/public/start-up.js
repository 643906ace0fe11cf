// What must run before the first paint, and when the page's own scripts do not come.

// The theme that was chosen here before, as web/src/app/theme.ts keeps it.
try {
  const theme = localStorage.getItem("kspace.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the system's theme.
}

function tellOfMissingScript() {
  // Once the page is there, it tells of such things by itself.
  const loading = document.querySelector("#app > .loading");
  if (loading === null) return;
  loading.setAttribute("role", "alert");
  loading.textContent =
    "A part of kspace could not be downloaded. Check that you are online, then reload the page.";
}

// The first script; errors of elements do not bubble.
addEventListener("error", ({ target }) => target !== window && tellOfMissingScript(), true);
// Those that it imports.
addEventListener("vite:preloadError", tellOfMissingScript);
