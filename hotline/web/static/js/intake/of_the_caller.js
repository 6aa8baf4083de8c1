/* A channel that is no call takes nothing of the caller on the line: number and name go out of their fields, and come back with the channel. */

const form = document.querySelector("form[data-enter-next]");
const channel = form?.elements.channel;
const fields = [...(form?.querySelectorAll("[data-of-caller]") ?? [])].map((field) => ({ field, shown: JSON.parse(field.dataset.ofCaller) }));

function put(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function followChannel() {
  const call = channel.dataset.calls.split(",").includes(channel.value);
  for (const { field, shown } of fields) {
    if (!call && shown.includes(field.value.trim())) { field.dataset.takenOut = field.value; put(field, ""); }
    else if (call && "takenOut" in field.dataset && !field.value.trim()) put(field, field.dataset.takenOut);
    if (call) delete field.dataset.takenOut;
  }
}

if (channel && fields.length) channel.addEventListener("change", followChannel);
