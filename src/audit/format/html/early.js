document.documentElement.classList.add("scripted");
try {
  const theme = localStorage.getItem("pdd-hooks-theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
} catch { /* A page opened from a file may have no storage: the theme is then the system's. */ }
