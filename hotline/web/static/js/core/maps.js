/* A place is told by a click on the map or, asked for by a tap, by the telephone's own position. The list of districts is always the other way. */

/* No hand is steadier than two dots of the screen; metres of a degree. */
const FINGER = 2;
const DEGREE = 111195;

const held = (fields, name) => fields.querySelector(`input[name="${name}"]`);

function mark(fields, lat, lon) {
  const map = fields.querySelector("[data-map-pick]");
  if (!map) return;
  map.querySelector(".map-dot")?.remove();
  const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  const { lat: north, lon: west, latStep, lonStep } = map.dataset;
  for (const [name, value] of Object.entries({ class: "map-dot", r: 12, cx: (lon - west) / lonStep, cy: (north - lat) / latStep })) dot.setAttribute(name, value);
  map.append(dot);
}

function say(fields, text) {
  fields.querySelector("[data-map-said]").textContent = text;
}

function set(fields, lat, lon, how, accuracy) {
  held(fields, "point").value = `${lat.toFixed(6)} ${lon.toFixed(6)}`;
  held(fields, "point_how").value = how;
  held(fields, "accuracy").value = accuracy ? Math.round(accuracy) : "";
  fields.querySelector("[data-map-clear]").hidden = false;
  mark(fields, lat, lon);
  held(fields, "point").dispatchEvent(new Event("input", { bubbles: true }));
}

/** One district is taken; of several the list asks, and what stands there already may stay. */
function take(fields, areas) {
  const list = document.querySelector(fields.dataset.mapArea);
  if (!list || areas.length === 0) return say(fields, fields.dataset.chosen);
  if (areas.length > 1) {
    const names = JSON.parse(fields.dataset.names);
    say(fields, areas.includes(list.value) ? fields.dataset.chosen : fields.dataset.unsure.replace("{names}", areas.map((one) => names[one] ?? one).join(" / ")));
    if (!areas.includes(list.value)) list.value = "";
  } else {
    list.value = fields.taken = areas[0];
    say(fields, fields.dataset.chosen);
  }
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

/** The district of a point that holds no more; one that was chosen by hand stays. */
function forget(fields) {
  const list = document.querySelector(fields.dataset.mapArea);
  if (list && fields.taken && list.value === fields.taken) {
    list.value = "";
    list.dispatchEvent(new Event("change", { bubbles: true }));
  }
  fields.taken = "";
}

function placeOf(map, event) {
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
  return [map.dataset.lat - at.y * map.dataset.latStep, Number(map.dataset.lon) + at.x * map.dataset.lonStep];
}

/** The second of two taps closes the rectangle and asks. */
function cornered(box, map, event) {
  const [lat, lon] = placeOf(map, event);
  mark(box, lat, lon);
  if (!box.corner) {
    box.corner = [lat, lon];
    return say(box, box.dataset.mapBox);
  }
  const field = held(box, "within");
  field.value = [...box.corner, lat, lon].map((one) => one.toFixed(4)).join(" ");
  box.corner = null;
  say(box, "");
  outline(map, ...field.value.split(" ").map(Number));
  map.querySelector(".map-dot")?.remove();
  field.form.requestSubmit();
}

/** Draws the rectangle between two corners, in the place of the one before. */
function outline(map, lat, lon, otherLat, otherLon) {
  const { lat: north, lon: west, latStep, lonStep } = map.dataset;
  const [left, right] = [lon, otherLon].map((one) => (one - west) / lonStep).sort((a, b) => a - b);
  const [top, bottom] = [lat, otherLat].map((one) => (north - one) / latStep).sort((a, b) => a - b);
  const rect = map.querySelector(".map-box") ?? map.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "rect"));
  for (const [name, value] of Object.entries({ class: "map-box", x: left, y: top, width: right - left, height: bottom - top })) rect.setAttribute(name, value);
}

function picked(event) {
  const map = event.target.closest?.("[data-map-pick]");
  const box = map?.closest("[data-map-box]");
  if (box) return cornered(box, map, event);
  const fields = map?.closest("[data-map-fields]");
  const shape = fields && event.target.closest("[data-areas]");
  if (!shape) return;
  set(fields, ...placeOf(map, event), "map", FINGER / map.getScreenCTM().a * map.dataset.latStep * DEGREE);
  take(fields, shape.dataset.areas.split(" "));
}

function clear(fields) {
  forget(fields);
  for (const name of ["point", "point_how", "accuracy"]) held(fields, name).value = "";
  fields.querySelector(".map-dot")?.remove();
  fields.querySelector("[data-map-clear]").hidden = true;
  say(fields, "");
  held(fields, "point").dispatchEvent(new Event("input", { bubbles: true }));
}

function locate(fields) {
  say(fields, fields.dataset.asking);
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      forget(fields);
      set(fields, coords.latitude, coords.longitude, "phone", coords.accuracy);
      say(fields, fields.dataset.located.replace("{n}", Math.round(coords.accuracy)));
    },
    () => say(fields, fields.dataset.refused),
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
}

document.addEventListener("click", (event) => {
  picked(event);
  const button = event.target.closest?.("[data-map-clear],[data-locate]");
  const fields = button?.closest("[data-map-fields]");
  if (fields) (button.dataset.locate === undefined ? clear : locate)(fields);
});

/* A position is told to secure pages only: elsewhere there is no button. */
for (const button of document.querySelectorAll("[data-locate]")) button.hidden = !(window.isSecureContext && navigator.geolocation);
for (const fields of document.querySelectorAll("[data-map-fields]")) {
  const [lat, lon] = held(fields, "point").value.split(" ").map(Number);
  if (lat && lon) mark(fields, lat, lon);
}
