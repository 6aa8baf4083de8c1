/* What a desk runs beyond that: steady hands, keys, the way back, live updates, the alarm, the telephone, the palette and ready words. */

import "./public.js";
import "./signed_in_again.js";
import "./steady.js";
import "./digits.js";
import "./keys.js";
import "./undo.js";
import "./live.js";
import "./alarm.js";
import "./ring.js";
import "./presence.js";
import "./looks.js";
import "./palette.js";
import "./ready.js";
import "../intake/lines.js";
import "../intake/hang_up.js";
