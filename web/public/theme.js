// The theme that was chosen here before, as web/src/app/theme.ts keeps it.
try {
  const theme = localStorage.getItem("kspace.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the system's theme.
}
