/* A call whose matter is taken in is over: what is written next is the next matter, without the last caller's number. */

const form = document.querySelector("form[data-enter-next]");
const calls = document.getElementById("calls")?.parentElement;
if (form && calls && document.getElementById("done")) begin();

function begin() {
  const talks = () => "talking" in (document.getElementById("calls")?.dataset ?? {});
  let talking = talks();

  new MutationObserver(() => {
    const before = talking;
    talking = talks();
    if (before && !talking && !form.elements.body.value.trim()) location.assign(`${location.pathname}?blank=1`);
  }).observe(calls, { childList: true, subtree: true, attributes: true });
}
