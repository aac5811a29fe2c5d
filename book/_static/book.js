// The theme writes which colours a reader chose where players do not look: this puts it where they do.
addEventListener("DOMContentLoaded", () => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  function tell() {
    const {theme} = document.body.dataset;
    document.documentElement.dataset.theme = /^(dark|light)$/.test(theme) ? theme : dark.matches ? "dark" : "light";
  }
  new MutationObserver(tell).observe(document.body, {attributes: true, attributeFilter: ["data-theme"]});
  dark.addEventListener("change", tell);
  tell();
});
