/* Tell whoever else has this ticket open that something is being typed here: at once when it begins, then with the form's own beat. */

const BEAT = 15000;
let told = 0;

document.addEventListener("hotline:typed", () => {
  const sign = document.querySelector("#onlookers [name=typing]");
  if (!sign) return;
  sign.value = "1";
  if (Date.now() - told < BEAT) return;
  told = Date.now();
  sign.form.requestSubmit();
});
