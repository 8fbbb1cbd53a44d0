"use strict";
// A name without what spellings differ in; the same rules as names.normal of the package, which a test holds it to.
const ICDnormal = (() => {
  const articles = new Set(["al", "el", "the", "of", "and"]);
  const arabic = { "ى": "ي", "ة": "ه", "ی": "ي" };
  return (name) => {
    const text = name.toLowerCase().replace(/ß/g, "ss").replace(/['’‘ʼʿʾ`ʻ]/g, "").normalize("NFKD").replace(/[ىةی]/g, (letter) => arabic[letter]).replace(/\u0640/g, "").replace(/\p{M}/gu, "");
    const words = text.match(/[\p{L}\p{N}_]+/gu) || [];
    const kept = words.filter((word) => !articles.has(word)).map((word) => (word.length > 4 && word.startsWith("ال") ? word.slice(2) : word));
    return (kept.length ? kept : words).join(" ");
  };
})();
