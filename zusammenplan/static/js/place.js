// A long document is divided by chapters: leads from /dokument/#p-… to the page of that place.
(() => {
  "use strict";

  const anchor = location.hash.slice(1);
  if (/^[a-z]+-[\w-]+$/.test(anchor) && !document.getElementById(anchor)) {
    const base = location.pathname.replace(/kapitel\/\d+\/$/, "");
    location.replace(`${base}stelle/${anchor}/`);
  }
})();
