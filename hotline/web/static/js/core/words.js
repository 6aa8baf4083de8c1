/* The words the page gave its scripts: no script carries a sentence of its own. */

const block = document.getElementById("words");
const words = block ? JSON.parse(block.textContent) : {};

/** The sentence for a key, with {name} places filled. */
export const say = (key, values = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
