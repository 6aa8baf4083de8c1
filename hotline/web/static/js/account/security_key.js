/* Forms that a security key answers: data-security-key is "show" (one of the person's own) or "new"; data-question is where its question is. */

import { ask } from "../core/requests.js";
import { toast } from "../core/toasts.js";
import { say } from "../core/words.js";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (keys) => (keys ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function question(form) {
  const answer = await ask(form.dataset.question, { method: "POST" });
  if (!answer.ok) throw new Error(`no question: ${answer.status}`);
  return answer.json();
}

async function newKey(form) {
  const asked = await question(form);
  const user = { ...asked.user, id: bytes(asked.user.id) };
  const publicKey = { ...asked, user, challenge: bytes(asked.challenge), excludeCredentials: named(asked.excludeCredentials) };
  const made = await navigator.credentials.create({ publicKey });
  return { made, response: { attestationObject: text(made.response.attestationObject) } };
}

async function ownKey(form) {
  const asked = await question(form);
  const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: named(asked.allowCredentials) };
  const made = await navigator.credentials.get({ publicKey });
  const { authenticatorData, signature } = made.response;
  return { made, response: { authenticatorData: text(authenticatorData), signature: text(signature) } };
}

async function answered(form) {
  const { made, response } = await (form.dataset.securityKey === "new" ? newKey(form) : ownKey(form));
  response.clientDataJSON = text(made.response.clientDataJSON);
  return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response });
}

/* Such a form is not guarded: it is not on its way before the key has answered, and then goes at once. */
document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("form[data-security-key]");
  if (!form || form.elements.answer.value) return;
  event.preventDefault();
  if (!window.PublicKeyCredential) {
    toast(say("no_keys_here"), "warn");
    return;
  }
  try {
    form.elements.answer.value = await answered(form);
    form.submit();
  } catch {
    toast(say("key_failed"), "warn");
  }
});
