/* A page that answered a form is no page to come back to: reloading it, or going back to it, would send the form again, or show the
   browser's own error page. Its place in the history becomes a page that is only read; the words come back from their copy (drafts.js). */

const again = document.body.dataset.answered;

if (again) history.replaceState(history.state, "", again);

/* Older browsers do not tell with which status a page came; there the page's own complaint tells. */
const status = performance.getEntriesByType("navigation")[0]?.responseStatus;
const complains = () => document.querySelector(".problems, .has-error, .error-page") !== null;

/** The form was sent and not taken: its words are still to be mended. */
export const refused = Boolean(again) && (status ? status >= 400 : complains());
