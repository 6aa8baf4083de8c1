/* What every page runs, the citizens' too. */

import "./answered.js";
import "./page.js";
import "./times.js";
import "./dialogs.js";
import "./forms.js";
import "./drafts.js";
import "./uploads.js";
import "./htmx.js";
import "./maps.js";

/* Whoever waits for the page to listen (tests do) waits for this sign. */
document.addEventListener("DOMContentLoaded", () => setTimeout(() => { document.documentElement.dataset.listening = ""; }));
