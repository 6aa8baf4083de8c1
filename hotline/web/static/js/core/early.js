/* Runs before the page is drawn: keeps the keys that are pressed while its scripts are still on their way. */

window.pressedEarly = [];
document.addEventListener("keydown", (event) => { if (event.altKey && !event.repeat) window.pressedEarly?.push(event); }, true);
