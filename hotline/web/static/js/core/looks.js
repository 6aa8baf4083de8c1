/* Tell whoever else has this ticket open that something is being typed here. */

document.addEventListener("hotline:typed", () => {
  const sign = document.querySelector("#onlookers [name=typing]");
  if (sign) sign.value = "1";
});
